// The film of a training run, as `training/recorder.py` writes it. Pure, but for `loadFilm`.

import { fetched } from '../fetched.js';

const loaded = new Map();

/** @returns {Promise<object>} what `learning.json` holds; fetched once */
export function loadFilm(address) {
  if (!loaded.has(address)) {
    const loading = fetched(address).then((response) => response.json());
    loaded.set(address, loading);
    loading.catch(() => loaded.delete(address));
  }
  return loaded.get(address);
}

/** What became of the pictures of one kind at one moment: `[{answer, count, share, right}]`, the right answer first. */
export function answersTo(moment, label) {
  const counts = moment.confusion[label];
  const all = counts.reduce((sum, count) => sum + count, 0);
  return counts
    .map((count, answer) => ({ answer, count, share: all ? count / all : 0, right: answer === label }))
    .filter(({ count, right }) => count > 0 || right)
    .sort((one, other) => other.right - one.right || other.count - one.count);
}

/** Places of a curve in a box, of values from 0 (bottom) to 1; moments stand evenly, since the first lie close in time. */
export function curvePoints(values, width, height) {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((value, at) => ({ x: at * step, y: height * (1 - Math.min(1, Math.max(0, value))) }));
}

/** The most probable answer and its probability. */
export function bestOf(answers) {
  const answer = answers.indexOf(Math.max(...answers));
  return { answer, probability: answers[answer] };
}

/** The largest weight of all moments, so that a kernel's growth shows. */
export const largestWeight = (moments) =>
  Math.max(0, ...moments.flatMap(({ kernels }) => kernels.flat(2)).map(Math.abs));

/** Part of the epoch as a fraction for people: 0.25 is "1/4". */
export const fractionOf = (epoch) => (epoch > 0 && epoch < 1 ? `1/${Math.round(1 / epoch)}` : String(epoch));
