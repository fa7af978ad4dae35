// From scores to probabilities, and what guesses cost. Pure.

import { softmax } from '../answers.js';

/**
 * @param {number[]} scores logits
 * @param {number} temperature above 0
 * @returns {{powers: number[], probabilities: Float32Array}} `powers` are e^(score / temperature)
 */
export function softmaxOf(scores, temperature) {
  return { powers: scores.map((score) => Math.exp(score / temperature)), probabilities: softmax(scores, temperature) };
}

/**
 * What guesses cost, as the network's loss is counted.
 * @param {{guess: number, isTrue: boolean}[]} guesses `guess`: the probability that it is true, in (0, 1)
 * @returns {{loss: number, sure: number, promised: number, right: number}} mean cost in nats; of the guesses that lean
 *   to one side by 80 % or more: how many, how many were promised right, and how many were
 */
export function judge(guesses) {
  const toTruth = guesses.map(({ guess, isTrue }) => (isTrue ? guess : 1 - guess));
  const sure = toTruth.filter((share) => share >= 0.8 || share <= 0.2);
  return {
    loss: toTruth.reduce((sum, share) => sum - Math.log(share), 0) / guesses.length,
    sure: sure.length,
    promised: sure.reduce((sum, share) => sum + Math.max(share, 1 - share), 0),
    right: sure.filter((share) => share > 0.5).length,
  };
}
