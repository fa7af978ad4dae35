// A network of one weight and one bias that tells 0 from 1 by the amount of ink: its loss, gradient and steps. Pure.

/** How likely it holds a 0, in [0, 1]. @param {number} input standardised ink */
export const chance = ({ weight, bias }, input) => 1 / (1 + Math.exp(-(weight * input + bias)));

/**
 * Standardised ink and labels of the digits in `ones-and-zeros.json`.
 * @returns {{input: number, right: 0 | 1}[]} `right` is 1 for a 0
 */
export function pointsOf({ mean, deviation, ones, zeros }) {
  const points = (shares, right) => shares.map((share) => ({ input: (share - mean) / deviation, right }));
  return [...points(ones, 0), ...points(zeros, 1)];
}

/** Mean negative logarithm of the probability of the right answer, in nats. Stable for any score. */
export function lossOf({ weight, bias }, points) {
  const costs = points.map(({ input, right }) => {
    const score = (right ? 1 : -1) * (weight * input + bias);
    return Math.max(0, -score) + Math.log1p(Math.exp(-Math.abs(score)));
  });
  return costs.reduce((sum, cost) => sum + cost, 0) / points.length;
}

/** Its slope in both directions. */
export function gradientOf(network, points) {
  let [weight, bias] = [0, 0];
  for (const { input, right } of points) {
    const error = chance(network, input) - right;
    weight += error * input;
    bias += error;
  }
  return { weight: weight / points.length, bias: bias / points.length };
}

/** One step of gradient descent over all points. */
export function stepFrom(network, points, rate) {
  const gradient = gradientOf(network, points);
  return { weight: network.weight - rate * gradient.weight, bias: network.bias - rate * gradient.bias };
}

/** How many it tells right. */
export const rightOf = (network, points) => points.filter(({ input, right }) => (chance(network, input) > 0.5) === (right === 1)).length;
