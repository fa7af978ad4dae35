// How little must change until the network reads something else. Pure: no document; asks whoever it is given.

import { around } from './doubts.js';
import { RANGES, changedBy } from './transforms.js';

// Steps of the search outwards; what flips inside one step alone is missed. Then halved down to the slider's own step.
const COARSE = { turn: 3, shiftX: 0.5, shiftY: 0.5, scale: 3, shear: 3, thickness: 0.2 };
export const MOVES = Object.keys(COARSE);

const SEEDS = 2; // the most promising places to begin a brush stroke
const MOST_PIXELS = 48;
const INK = 0.2; // erasing less would not be seen; neither would drawing on more than 1 - INK
const SLICE_MS = 12;

/**
 * Ask for answers and let the page breathe: at most `SLICE_MS` of work between two turns of its event loop.
 * @param {(frame: Float32Array) => Promise<{logits: ArrayLike<number>, probabilities: ArrayLike<number>}>} classify
 * @param {number} from class that is read now
 * @param {number | null} wanted class that should be read; null: any other
 * @param {AbortSignal} signal stops the search: `judge` then throws its reason
 * @returns {(frame: Float32Array) => Promise<{flipped: boolean, margin: number, answer: number, probability: number}>}
 *   `margin` is above 0 where flipped: a difference of logits
 */
export function judgeFor(classify, from, wanted, signal) {
  let rested = performance.now();
  return async (frame) => {
    if (performance.now() - rested > SLICE_MS) {
      await new Promise((resolve) => { setTimeout(resolve); });
      rested = performance.now();
    }
    signal?.throwIfAborted();
    const { logits, probabilities } = await classify(frame);
    const answer = greatest(logits);
    const goal = wanted ?? greatest(logits, from);
    const margin = wanted === null ? logits[goal] - logits[from] : logits[goal] - logits[greatest(logits, goal)];
    return { flipped: wanted === null ? answer !== from : answer === wanted, margin, answer, probability: probabilities[answer] };
  };
}

/** Index of the greatest number, one place left out. */
export function greatest(numbers, without = -1) {
  let best = without === 0 ? 1 : 0;
  for (let place = best + 1; place < numbers.length; place += 1) {
    if (place !== without && numbers[place] > numbers[best]) best = place;
  }
  return best;
}

/**
 * The smallest value of one slider that flips the answer, searched outwards on both sides.
 * @param {Float32Array} frame
 * @param {string} name one of `MOVES`
 * @param {Function} judge as from `judgeFor`
 * @returns {Promise<{name, value, frame, answer, probability} | null>} null where nothing within the range flips it
 */
export async function smallestMove(frame, name, judge) {
  const { low, high, rest } = RANGES[name];
  const coarse = COARSE[name];
  for (let steps = 1; steps * coarse <= Math.max(high - rest, rest - low) + 1e-9; steps += 1) {
    const found = [];
    for (const sign of [1, -1]) {
      const value = rest + sign * steps * coarse;
      if (value < low - 1e-9 || value > high + 1e-9) continue;
      const { flipped } = await judge(changedBy(frame, name, value));
      if (flipped) found.push(await refined(frame, name, value - sign * coarse, value, judge));
    }
    found.sort((one, other) => Math.abs(one.value - rest) - Math.abs(other.value - rest));
    if (found.length) return found[0];
  }
  return null;
}

/** Halve between a value that does not flip and one that does, down to the slider's step. */
async function refined(frame, name, stays, flips, judge) {
  const { step } = RANGES[name];
  const onStep = (value) => Number((Math.round(value / step) * step).toFixed(4));
  let [inner, outer] = [onStep(stays), onStep(flips)];
  while (Math.abs(outer - inner) > 1.5 * step) {
    const middle = onStep((inner + outer) / 2);
    if ((await judge(changedBy(frame, name, middle))).flipped) outer = middle;
    else inner = middle;
  }
  const changed = changedBy(frame, name, outer);
  const { answer, probability } = await judge(changed);
  return { name, value: outer, frame: changed, answer, probability };
}

/**
 * A small patch of touching pixels that, erased or inked, flips the answer. It grows from the most promising pixels by
 * whichever neighbour helps most, and drops what it does not need: small, but not proven to be the smallest.
 * @param {Float32Array} frame
 * @param {'erase' | 'draw'} kind
 * @param {Function} judge as from `judgeFor`
 * @returns {Promise<{name, pixels: number[], frame, answer, probability} | null>}
 */
export async function smallestStroke(frame, kind, judge) {
  const sign = kind === 'erase' ? -1 : 1;
  const mayChange = (place) => (sign < 0 ? frame[place] > INK : frame[place] < 1 - INK);
  const inked = new Set([...frame.keys()].filter((place) => frame[place] > INK));
  const isNear = (place) => inked.has(place) || around(place).some((next) => inked.has(next));
  const candidates = [...frame.keys()].filter((place) => mayChange(place) && isNear(place));
  const tried = [];
  for (const place of candidates) tried.push({ place, ...await judge(patched(frame, [place], sign)) });
  tried.sort((one, other) => other.margin - one.margin);
  let best = null;
  for (const { place } of apart(tried)) {
    const grown = await grow(frame, place, sign, mayChange, judge, best?.length ?? MOST_PIXELS);
    if (grown) best = await pruned(frame, grown, sign, judge);
  }
  if (!best) return null;
  const changed = patched(frame, best, sign);
  const { answer, probability } = await judge(changed);
  return { name: kind, pixels: best, frame: changed, answer, probability };
}

/** The first few places that do not touch each other. */
function apart(tried) {
  const chosen = [];
  for (const one of tried) {
    if (chosen.length < SEEDS && !chosen.some(({ place }) => around(place).includes(one.place))) chosen.push(one);
  }
  return chosen;
}

async function grow(frame, seed, sign, mayChange, judge, most) {
  const pixels = [seed];
  while (pixels.length < most) {
    if ((await judge(patched(frame, pixels, sign))).flipped) return pixels;
    const rim = new Set(pixels.flatMap(around).filter((place) => mayChange(place) && !pixels.includes(place)));
    const tried = [];
    for (const place of rim) tried.push({ place, ...await judge(patched(frame, [...pixels, place], sign)) });
    if (!tried.length) return null;
    tried.sort((one, other) => other.margin - one.margin);
    pixels.push(...tried.slice(0, pixels.length < 4 ? 1 : 2).map(({ place }) => place)); // what is too much is dropped later
  }
  return null;
}

async function pruned(frame, pixels, sign, judge) {
  let kept = pixels;
  for (const place of pixels) {
    const rest = kept.filter((other) => other !== place);
    if (rest.length && isConnected(rest) && (await judge(patched(frame, rest, sign))).flipped) kept = rest;
  }
  return kept;
}

/** Whether all pixels hang together. */
export function isConnected(pixels) {
  const open = new Set(pixels);
  const waiting = [pixels[0]];
  open.delete(pixels[0]);
  while (waiting.length) {
    for (const next of around(waiting.pop())) if (open.delete(next)) waiting.push(next);
  }
  return open.size === 0;
}

/** The brush strokes of a patch, as `transform` takes them. */
export function paintOf(pixels, sign) {
  const paint = new Float32Array(784);
  for (const place of pixels) paint[place] = sign;
  return paint;
}

function patched(frame, pixels, sign) {
  const changed = Float32Array.from(frame);
  for (const place of pixels) changed[place] = sign < 0 ? 0 : 1;
  return changed;
}
