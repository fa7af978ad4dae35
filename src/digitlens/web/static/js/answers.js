// The eleven answers of a network: the ten digits, and "not a digit". Pure.

export const NOT_A_DIGIT = 10;

/**
 * Logits as probabilities; above 1, the temperature makes them less sure.
 * @param {ArrayLike<number>} logits
 * @returns {Float32Array} in [0, 1], sum 1
 */
export function softmax(logits, temperature = 1) {
  const top = Math.max(...logits); // taken off first, so that no power overflows
  const powers = Array.from(logits, (logit) => Math.exp((logit - top) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  return Float32Array.from(powers, (power) => power / sum);
}

/** Places from the largest value to the smallest: answers, the most probable first. @returns {number[]} */
export const ranking = (values) => [...values.keys()].sort((one, other) => values[other] - values[one]);
