// What stands between digits: `imaging/points.py` and `imaging/slashes.py` for the digits of a pad. Pure.

import { median } from './median.js';

const SIDE = 28;
// Longer side of a point, as a share of the lower digit's height, and where its middle stands above or below their foot.
const LARGEST = 0.3;
const ABOVE = 0.28;
const BELOW = 0.2;
// Degrees by which each digit leans to the right, by `leanOf`; and by how many more a slash leans than its neighbours.
const USUAL = [12, 12, 5, 3, 3, 11, 1, 2, 10, 0];
const LEAST = 24;
const FURTHER = 35;
const WIDEST = 1.4; // of a slash, in pens

/** Whether a mark that is no digit is the point in 3.5. Boxes are [left, top, width, height], left to right. */
export function isPoint(before, [left, top, width, height], after) {
  const lower = Math.min(before[3], after[3]);
  const foot = Math.min(before[1] + before[3], after[1] + after[3]);
  const [x, y] = [left + width / 2, top + height / 2];
  return Math.max(width, height) <= LARGEST * lower
    && y >= foot - ABOVE * lower && y <= foot + BELOW * lower
    && x > before[0] + before[2] / 2 && x < after[0] + after[2] / 2;
}

/** The slashes among the 1s of a row, things with `value` and `frame`; `gaps` says whether much paper follows each. */
export function slashesAmong(row, gaps) {
  const leans = row.map(({ frame }) => leanOf(frame));
  const further = leans.map((lean, index) => lean - USUAL[row[index].value]);
  return row.filter(({ value, frame }, index) => value === 1
    && index > 0 && index < row.length - 1 && gaps[index - 1] === gaps[index]
    && leans[index] >= Math.max(LEAST, FURTHER + median(further.filter((_, other) => other !== index)))
    && widthInPens(frame) <= WIDEST);
}

/** Degrees by which ink leans to the right from its foot to its head, by its second moments. */
export function leanOf(frame) {
  const { xy, yy } = momentsOf(frame);
  return Math.atan2(-xy, Math.max(yy, 1e-6)) * (180 / Math.PI);
}

/** How many pens wide ink is: 1 for one straight stroke; Infinity without ink. */
export function widthInPens(frame) {
  const { mass, xx, xy, yy } = momentsOf(frame);
  if (!mass) return Infinity;
  const [middle, apart] = [(xx + yy) / 2, Math.hypot((xx - yy) / 2, xy)]; // the eigenvalues of the spread
  return 12 * Math.sqrt(Math.max(0, middle - apart) * (middle + apart)) / mass;
}

/** Mass of a frame and its variances along both sides, Float32Array (784,) in [0, 1]. */
function momentsOf(frame) {
  let [mass, x, y] = [0, 0, 0];
  frame.forEach((ink, at) => { mass += ink; x += ink * (at % SIDE); y += ink * Math.floor(at / SIDE); });
  if (!mass) return { mass, xx: 0, xy: 0, yy: 0 };
  let [xx, xy, yy] = [0, 0, 0];
  frame.forEach((ink, at) => {
    const [across, down] = [(at % SIDE) - x / mass, Math.floor(at / SIDE) - y / mass];
    xx += ink * across * across;
    xy += ink * across * down;
    yy += ink * down * down;
  });
  return { mass, xx: xx / mass, xy: xy / mass, yy: yy / mass };
}
