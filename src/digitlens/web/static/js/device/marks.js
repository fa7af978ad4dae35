// Strokes to marks: their ink, which lie near each other, and which of them can be one digit together. Pure.

import { paintStroke } from './paint.js';

// Strokes closer than this share of the writing's height may belong to one digit.
const NEAR = 0.14;
const MOST_STROKES = 4; // of one digit; a 4, a 5 or a 7 has two, a hasty one three
const TALLEST = 2.3; // of the writing's height, which is that of half a digit where each 8 is two circles
const WIDEST = 1.7; // of its own height
// Strokes side by side, both as tall as digits, are two digits where they do not overlap at all.
const TALL = 0.6;
const APART = 0.06;
const UNDER = 0.15; // of the taller one's height
// A touch of the pen is a dot, not a digit, while it is no larger than so many pen widths.
const DOT = 2.2;

const known = new WeakMap(); // stroke -> {length, mark}: a stroke grows while it is drawn, and never changes after that
let count = 0;

/**
 * @typedef {{id: number, ink: object, box: number[], samples: number[][], isDot: boolean}} Mark
 * @returns {Mark} the ink of one stroke
 */
export function markOf(stroke) {
  const before = known.get(stroke);
  if (before?.length === stroke.points.length) return before.mark;
  const ink = paintStroke(stroke);
  const box = [ink.left + 1, ink.top + 1, ink.width - 2, ink.height - 2];
  const widest = 2 * Math.max(stroke.maxWidth, stroke.dotSize ?? 0);
  const mark = { id: (count += 1), ink, box, isDot: Math.max(box[2], box[3]) <= DOT * widest, samples: samplesOf(stroke) };
  known.set(stroke, { length: stroke.points.length, mark });
  return mark;
}

/** Points along a stroke, no further apart than a few px. */
function samplesOf({ points }) {
  const samples = [[points[0].x, points[0].y]];
  for (const { x, y } of points.slice(1)) {
    const [fromX, fromY] = samples.at(-1);
    const steps = Math.max(1, Math.ceil(Math.hypot(x - fromX, y - fromY) / 4));
    for (let step = 1; step <= steps; step += 1) samples.push([fromX + ((x - fromX) * step) / steps, fromY + ((y - fromY) * step) / steps]);
  }
  return samples;
}

/** How tall the writing is: the height that three in four strokes do not exceed. */
export function writingHeight(marks) {
  const sizes = marks.map(({ box }) => Math.max(box[2], box[3])).sort((a, b) => a - b);
  return sizes[Math.round(0.75 * (sizes.length - 1))] ?? 0;
}

/**
 * Clusters of marks that lie near each other, and who is near whom.
 * @returns {{clusters: Mark[][], isNear: (a: Mark, b: Mark) => boolean}} marks of a cluster in the order of writing
 */
export function clustersOf(marks, height) {
  const side = Math.max(4, (NEAR * height) / 2);
  const cells = new Map(marks.map((mark) => [mark, new Set(mark.samples.map(([x, y]) => cellAt(x / side, y / side)))]));
  const owners = new Map(); // cell -> the first mark whose ink passes through it
  const parent = new Map(marks.map((mark) => [mark, mark]));
  const root = (mark) => {
    let top = mark;
    while (parent.get(top) !== top) top = parent.get(top);
    parent.set(mark, top);
    return top;
  };
  for (const mark of marks) {
    for (const cell of cells.get(mark)) {
      if (owners.has(cell)) parent.set(root(mark), root(owners.get(cell)));
      else owners.set(cell, mark);
    }
  }
  for (const [cell, mark] of owners) {
    for (const step of STEPS) {
      const other = owners.get(cell + step);
      if (other) parent.set(root(mark), root(other));
    }
  }
  const clusters = new Map();
  for (const mark of marks) {
    const cluster = root(mark);
    if (!clusters.has(cluster)) clusters.set(cluster, []);
    clusters.get(cluster).push(mark);
  }
  const isNear = (a, b) => {
    const around = cells.get(b);
    return [...cells.get(a)].some((cell) => around.has(cell) || STEPS.some((step) => around.has(cell + step)));
  };
  return { clusters: [...clusters.values()], isNear };
}

const ROW = 4096; // cells in a row: more than any pad has
const cellAt = (x, y) => (Math.floor(y) + ROW / 2) * ROW + Math.floor(x) + ROW / 2;
// To the cells around one, as far as two away: then two points are between one and three sides apart.
const STEPS = [-2, -1, 0, 1, 2].flatMap((dy) => [-2, -1, 0, 1, 2].map((dx) => dy * ROW + dx)).filter((step) => step !== 0);

/** Whether some marks can be one digit, by their places alone. */
export function canBeOne(marks, height, isNear) {
  if (marks.length === 1) return true;
  if (marks.length > MOST_STROKES) return false;
  const [, , width, tall] = boxAround(marks);
  if (tall > TALLEST * height || width > WIDEST * Math.max(tall, 0.6 * height)) return false;
  return isConnected(marks, isNear) && !marks.some((mark, index) => marks.slice(index + 1).some((other) => standApart(mark, other, height)));
}

function standApart({ box: a }, { box: b }, height) {
  const gap = Math.max(a[0], b[0]) - Math.min(a[0] + a[2], b[0] + b[2]);
  return gap > APART * height && Math.min(a[3], b[3]) > TALL * height;
}

function isConnected(marks, isNear) {
  const reached = new Set([marks[0]]);
  for (const mark of reached) for (const other of marks) if (isNear(mark, other)) reached.add(other);
  return reached.size === marks.length;
}

export function boxAround(marks) {
  const left = Math.min(...marks.map(({ box }) => box[0]));
  const top = Math.min(...marks.map(({ box }) => box[1]));
  const right = Math.max(...marks.map(({ box }) => box[0] + box[2]));
  const bottom = Math.max(...marks.map(({ box }) => box[1] + box[3]));
  return [left, top, right - left, bottom - top];
}

/**
 * Share of the narrower one's width that each mark has in common with those before it; the mean, in [0, 1]. What stands
 * clearly under the others, as in the next row, has nothing in common with them.
 */
export function sharedWidth(marks) {
  let sum = 0;
  for (let index = 1; index < marks.length; index += 1) {
    const [before, { box }] = [boxAround(marks.slice(0, index)), marks[index]];
    const shared = Math.min(before[0] + before[2], box[0] + box[2]) - Math.max(before[0], box[0]);
    const below = Math.max(before[1], box[1]) - Math.min(before[1] + before[3], box[1] + box[3]);
    if (below > UNDER * Math.max(before[3], box[3])) continue;
    sum += Math.max(0, shared) / Math.max(1, Math.min(before[2], box[2]));
  }
  return sum / (marks.length - 1);
}
