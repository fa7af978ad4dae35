// Boxes to rows and spaces: `imaging/rows.py` for the digits of a pad. Pure. A box is [left, top, width, height].

import { median } from './median.js';
import { isPoint, slashesAmong } from './signs.js';

const ROW_OVERLAP = 0.45;
const NEAR_SHARE = 0.8;
const NEAR_OVERLAP = 0.25;
const ABOVE = 0.3;
const SLIM = 0.5;
const RAISED_GAP = 0.1;
const SMALLER = 0.85;
const SMALLER_GAP = 0.6;
const SPACE_HEIGHT_SHARE = 0.6;
const SPACE_GAP_FACTOR = 1.8;
const RAISED_FOOT = 0.55;
const MARK_SHARE = 0.4;
// A bracket or a fraction stroke is so much taller than the other digits of its row. The server asks for less, 1.2, since
// its finder can vouch for a tall 1; here is none.
const TALLEST_ONE = 1.3;

const right = ([left, , width]) => left + width;
const bottom = ([, top, , height]) => top + height;
const middleX = ([left, , width]) => left + width / 2;
const middleY = ([, top, , height]) => top + height / 2;
const byMiddle = (a, b) => middleX(a.box) - middleX(b.box);

/**
 * Things with a `box` as rows from top to bottom, each from left to right.
 * @template {{box: number[]}} T
 * @param {T[]} things
 * @returns {T[][]}
 */
export function orderRows(things) {
  const rows = [];
  for (const thing of [...things].sort(byMiddle)) {
    const shares = rows.map((row) => sharesRow(row.slice(-2).map(({ box }) => box), thing.box));
    const best = shares.indexOf(Math.max(...shares));
    if (best >= 0 && shares[best] >= 1) rows[best].push(thing);
    else rows.push([thing]);
  }
  return withRaised(rows).sort((a, b) => median(a.map(({ box }) => middleY(box))) - median(b.map(({ box }) => middleY(box))));
}

function sharesRow(ends, box) {
  const shares = ends.map((before) => overlap(before, box) / ROW_OVERLAP);
  const last = ends.at(-1);
  if (box[0] - right(last) < NEAR_SHARE * Math.min(last[3], box[3])) shares.push(overlap(last, box) / NEAR_OVERLAP);
  return Math.max(...shares);
}

/** The same rows, those that are raised (exponents, the upper digits of fractions) joined to the row they hang above. */
function withRaised(rows) {
  const waiting = [...rows].sort((a, b) => a.length - b.length);
  const joined = [];
  while (waiting.length > 0) {
    const row = waiting.shift();
    const home = waiting.find((other) => isRaised(row, other));
    if (home) {
      home.push(...row);
      home.sort(byMiddle);
    } else {
      joined.push(row);
    }
  }
  return joined;
}

const isRaised = (row, home) => row.every(({ box }) => (
  !home.some((other) => standsOver(box, other.box)) && home.some((other) => hangsAbove(box, other.box))
));

function standsOver(box, other) {
  const [[left, end], [otherLeft, otherEnd]] = [columnOf(box), columnOf(other)];
  return Math.min(end, otherEnd) - Math.max(left, otherLeft) >= ABOVE * Math.min(end - left, otherEnd - otherLeft);
}

function columnOf(box) { // a digit is at least half as wide as high: a 1 stands in a column like any other
  const half = Math.max(box[2], SLIM * box[3]) / 2;
  return [middleX(box) - half, middleX(box) + half];
}

function hangsAbove(box, other) {
  const aside = Math.max(box[0] - right(other), other[0] - right(box));
  const most = box[3] <= SMALLER * other[3] ? SMALLER_GAP : RAISED_GAP;
  return box[1] < other[1] && aside < NEAR_SHARE * other[3] && other[1] - bottom(box) < most * other[3];
}

const overlap = (a, b) => (Math.min(bottom(a), bottom(b)) - Math.max(a[1], b[1])) / Math.max(1, Math.min(a[3], b[3]));

/** The 1s of a row that are too tall to be one, and those that are slashes; each thing has `value`, `box` and `frame`. */
export function strokesAmong(row) {
  const tallest = TALLEST_ONE * median(row.filter(({ value }) => value !== 1).map(({ box }) => box[3]));
  const slashes = slashesAmong(row, spacesAfter(row.map(({ box }) => box)));
  return row.filter((digit) => digit.value === 1 && (digit.box[3] > tallest || slashes.includes(digit)));
}

/** The text of a row: a space where the writer left a gap, where a digit is raised, or where a mark stands that is none. */
export function textOf(row, rejected) {
  const boxes = row.map(({ box }) => box);
  const spaces = spacesAfter(boxes);
  return row.map(({ value }, index) => {
    const [before, after] = [boxes[index - 1], boxes[index]];
    const keepsApart = (mark) => standsBetween(before, mark, after) || isPoint(before, mark, after);
    return `${index > 0 && (spaces[index - 1] || rejected.some(keepsApart)) ? ' ' : ''}${value}`;
  }).join('');
}

/** Whether the writer left a gap after each box of a row but the last, or went up or down a step. */
function spacesAfter(boxes) {
  const gaps = boxes.slice(1).map((box, index) => Math.max(0, box[0] - right(boxes[index])));
  const sorted = [...gaps].sort((a, b) => a - b);
  const least = Math.max(SPACE_HEIGHT_SHARE * median(boxes.map((box) => box[3])), SPACE_GAP_FACTOR * (gaps.length > 2 ? quarter(sorted) : 0));
  return gaps.map((gap, index) => gap > least || isStep(boxes[index], boxes[index + 1]));
}

function quarter(sorted) { // the 25th percentile, between its neighbours
  const place = (sorted.length - 1) / 4;
  const low = Math.floor(place);
  return sorted[low] + (place - low) * ((sorted[low + 1] ?? sorted[low]) - sorted[low]);
}

function isStep(before, after) { // one of the two hangs so high that it is an exponent or a part of a fraction
  const [upper, lower] = bottom(before) <= bottom(after) ? [before, after] : [after, before];
  return bottom(upper) <= lower[1] + RAISED_FOOT * lower[3];
}

function standsBetween(before, mark, after) {
  const top = Math.min(before[1], after[1]);
  const low = Math.max(bottom(before), bottom(after));
  const longest = Math.max(mark[2], mark[3]);
  return middleX(before) < mark[0] && right(mark) < middleX(after) && top <= middleY(mark) && middleY(mark) <= low
    && longest >= MARK_SHARE * Math.min(before[3], after[3]) && longest <= 2 * (low - top);
}
