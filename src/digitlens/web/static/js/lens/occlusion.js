// What a patch of the frame is worth: cover it and see what the scores lose. Pure: no document; asks whoever it is given.
// Method: M. Zeiler and R. Fergus, "Visualizing and understanding convolutional networks", 2014, section 4.2.

import { SIDE } from './frames.js';

const SLICE_MS = 12;

/** Side of the square that covers, in pixels. */
const PATCH = 5;
const POSITIONS = SIDE - PATCH + 1; // in a row: the square stays within the frame

/**
 * The logits of every frame in which one square was covered. A square that changes nothing is not asked for.
 * @param {Float32Array} frame (784,)
 * @param {0 | 1} fill what covers: 0 is empty paper, 1 is full ink
 * @param {(frame: Float32Array) => Promise<{logits: Float32Array}>} classify
 * @param {{signal?: AbortSignal, onProgress?: (share: number) => void}} options an aborted signal throws its reason
 * @returns {Promise<{whole: Float32Array, covered: Float32Array[]}>} logits of the frame itself, and of those with a
 *   covered square, position by position, row by row
 */
export async function coverEach(frame, fill, classify, { signal, onProgress = () => {} } = {}) {
  const { logits: whole } = await classify(frame);
  const covered = [];
  let rested = performance.now();
  for (let position = 0; position < POSITIONS ** 2; position += 1) {
    const changed = covering(frame, Math.floor(position / POSITIONS), position % POSITIONS, fill);
    covered.push(changed ? (await classify(changed)).logits : whole);
    if (performance.now() - rested < SLICE_MS) continue;
    onProgress(position / POSITIONS ** 2);
    await new Promise((resolve) => { setTimeout(resolve); });
    signal?.throwIfAborted();
    rested = performance.now();
  }
  signal?.throwIfAborted();
  return { whole, covered };
}

/** The frame with the square at a position covered; null where it is so already. */
function covering(frame, top, left, fill) {
  let changed = null;
  for (const place of squareAt(top, left)) {
    if (frame[place] === fill) continue;
    changed ??= Float32Array.from(frame);
    changed[place] = fill;
  }
  return changed;
}

function* squareAt(top, left) {
  for (let row = top; row < top + PATCH; row += 1) {
    for (let column = left; column < left + PATCH; column += 1) yield row * SIDE + column;
  }
}

/**
 * How much the score falls without each pixel: the mean over the squares that cover it; negative where it rises. The
 * same as `lead` of `explain.evidence.occlusion`, where the weights are 1 and -1.
 * @param {{whole, covered}} logits as from `coverEach`
 * @param {number[]} weights (11,) score = weights . logits
 * @returns {Float32Array} (784,)
 */
export function dropsOf({ whole, covered }, weights) {
  const [sums, counts] = [new Float32Array(SIDE * SIDE), new Float32Array(SIDE * SIDE)];
  covered.forEach((logits, position) => {
    const drop = scoreOf(whole, weights) - scoreOf(logits, weights);
    for (const place of squareAt(Math.floor(position / POSITIONS), position % POSITIONS)) {
      sums[place] += drop;
      counts[place] += 1;
    }
  });
  return sums.map((sum, place) => sum / counts[place]);
}

/** weights . logits */
export const scoreOf = (logits, weights) => weights.reduce((sum, weight, value) => sum + weight * logits[value], 0);

/**
 * The score that asks for one class: its logit less another one's, or less the mean of all others.
 * @param {number} value class, 0 to 10
 * @param {number | null} rather the other class; null: all others
 */
export function weightsOf(value, rather = null, classes = 11) {
  return Array.from({ length: classes }, (_, other) => {
    if (other === value) return 1;
    if (rather === null) return -1 / (classes - 1);
    return other === rather ? -1 : 0;
  });
}

/**
 * Means and sums over the nine parts (thirds by thirds) of the ink's box, row by row.
 * @param {Float32Array} frame (784,)
 * @param {ArrayLike<number>} values (784,)
 * @returns {{sum: number, mean: number}[] | null} null where there is no ink
 */
export function byRegion(frame, values) {
  const box = inkBox(frame);
  if (!box) return null;
  const regions = Array.from({ length: 9 }, () => ({ sum: 0, count: 0 }));
  for (let place = 0; place < frame.length; place += 1) {
    const region = regions[regionOf(Math.floor(place / SIDE), place % SIDE, box)];
    region.sum += values[place];
    region.count += 1;
  }
  return regions.map(({ sum, count }) => ({ sum, mean: sum / count }));
}

/** `{left, top, right, bottom}` of the ink, `right` and `bottom` beyond it; null where there is none. */
export function inkBox(frame) {
  const inked = [...frame.keys()].filter((place) => frame[place] > 0.25);
  if (!inked.length) return null;
  const rows = inked.map((place) => Math.floor(place / SIDE));
  const columns = inked.map((place) => place % SIDE);
  return { left: Math.min(...columns), top: Math.min(...rows), right: Math.max(...columns) + 1, bottom: Math.max(...rows) + 1 };
}

/** Which of the nine parts of the ink's box a pixel belongs to; those beyond the box count to the nearest part. */
export function regionOf(row, column, { left, top, right, bottom }) {
  const third = (value, from, to) => Math.min(2, Math.max(0, Math.floor((3 * (value + 0.5 - from)) / (to - from))));
  return 3 * third(row, top, bottom) + third(column, left, right);
}
