// Why an answer may be wrong: what is unusual about a frame and its answer, in numbers. Pure: no document.
// The same measures, ranges (`static/lens/usual.json`) and codes as `explain/doubts.py`; a test compares both.

import { NOT_A_DIGIT, ranking } from '../answers.js';
import { SIDE } from './frames.js';

const CENTRE = 14; // pixel index where the normalisation puts a glyph's centre of mass
const MARK_LEVEL = 0.25; // share of the brightest ink from which a pixel belongs to a mark
const SPECK_SHARE = 0.04; // a piece with less of the ink is a speck
const BLANK_LEVEL = 0.05;

// Measure -> codes of a value that is too low and too high.
const CODES = {
  peak: ['grey_ink', null],
  second_mark: [null, 'several_marks'],
  stroke_width: ['thin_stroke', 'thick_stroke'],
  aspect: [null, 'wide'],
  edge: [null, 'frame_edge'],
  size: ['small', 'large'],
  off_centre: [null, 'off_centre'],
  specks: [null, 'specks'],
  rim: [null, 'soft'],
};

/**
 * Measures of a frame; `FrameMeasures` in `explain/frame_measures.py` says what each one is.
 * @param {Float32Array} frame (784,)
 * @returns {Record<string, number> | null} null where there is no ink
 */
export function measureFrame(frame) {
  const peak = Math.max(...frame);
  if (peak <= BLANK_LEVEL) return null;
  const ink = Float64Array.from(frame, (value) => value / peak);
  const inked = [...ink.keys()].filter((place) => ink[place] >= MARK_LEVEL);
  const pieces = piecesOf(ink);
  const marks = pieces.filter((share) => share >= SPECK_SHARE);
  const [columns, rows] = [inked.map((place) => place % SIDE), inked.map((place) => Math.floor(place / SIDE))];
  const width = Math.max(...columns) - Math.min(...columns) + 1;
  const height = Math.max(...rows) - Math.min(...rows) + 1;
  const sum = (weight) => ink.reduce((total, value, place) => total + value * weight(Math.floor(place / SIDE), place % SIDE), 0);
  const mass = sum(() => 1);
  const { area, outline } = areaAndOutline(ink);
  return {
    paper: median(frame),
    peak,
    stroke_width: (2 * area) / outline,
    second_mark: marks[1] ?? 0,
    specks: pieces.filter((share) => share < SPECK_SHARE).reduce((total, share) => total + share, 0),
    aspect: width / height,
    size: Math.max(width, height),
    off_centre: Math.hypot(sum((row) => row) / mass - CENTRE, sum((_, column) => column) / mass - CENTRE),
    edge: sum((row, column) => Number(row % (SIDE - 1) === 0 || column % (SIDE - 1) === 0)) / mass,
    rim: inked.filter((place) => ink[place] < 0.75).length / outline,
  };
}

function median(frame) {
  const sorted = Float32Array.from(frame).sort();
  return (sorted[sorted.length / 2 - 1] + sorted[sorted.length / 2]) / 2;
}

/** Area of the ink, and the length of its outline: its total variation. */
function areaAndOutline(ink) {
  const core = (row, column) => (row < 0 || column < 0 || row >= SIDE || column >= SIDE ? 0
    : Math.min(1, Math.max(0, 2 * (ink[row * SIDE + column] - 0.25))));
  let [area, outline] = [0, 0];
  for (let row = -1; row < SIDE; row += 1) {
    for (let column = -1; column < SIDE; column += 1) {
      const here = core(row, column);
      area += here;
      outline += Math.hypot(core(row + 1, column) - here, core(row, column + 1) - here);
    }
  }
  return { area, outline };
}

/** Share of the ink in each 8-connected component, largest first. */
function piecesOf(ink) {
  const open = new Set([...ink.keys()].filter((place) => ink[place] >= MARK_LEVEL));
  const sums = [];
  while (open.size) {
    const [first] = open;
    const waiting = [first];
    open.delete(first);
    let total = 0;
    while (waiting.length) {
      const place = waiting.pop();
      total += ink[place];
      for (const next of around(place)) if (open.delete(next)) waiting.push(next);
    }
    sums.push(total);
  }
  const all = sums.reduce((total, value) => total + value, 0);
  return sums.map((value) => value / all).sort((one, other) => other - one);
}

/** The up to eight pixels that touch a pixel. */
export function around(place) {
  const [row, column] = [Math.floor(place / SIDE), place % SIDE];
  const found = [];
  for (let down = Math.max(0, row - 1); down <= Math.min(SIDE - 1, row + 1); down += 1) {
    for (let right = Math.max(0, column - 1); right <= Math.min(SIDE - 1, column + 1); right += 1) {
      if (down !== row || right !== column) found.push(down * SIDE + right);
    }
  }
  return found;
}

/**
 * Everything unusual, first about the answer, then about the ink; empty where nothing is.
 * @param {Float32Array} frame (784,)
 * @param {{probabilities: ArrayLike<number>, logits?: ArrayLike<number> | null}} answer `logits` only of the network
 *   that the ranges were measured with (`model_sha256`)
 * @param {object} usual the contents of `usual.json`
 * @returns {{code: string, measured: number, low: number | null, high: number | null, value?: number}[]}
 */
export function findDoubts(frame, answer, usual) {
  const measures = measureFrame(frame);
  if (!measures) return [{ code: 'blank', measured: 0, low: null, high: null }];
  const doubts = aboutAnswer(answer, usual.answer);
  if (outside(usual.frame.paper, measures.paper) > 0) { // mark and paper cannot be told apart: no other measure means much
    return [...doubts, doubt('grey_paper', measures.paper, usual.frame.paper)];
  }
  for (const [name, [low, high]] of Object.entries(CODES)) {
    const code = { '-1': low, 1: high }[outside(usual.frame[name], measures[name])];
    if (code) doubts.push(doubt(code, measures[name], usual.frame[name]));
  }
  return doubts;
}

function aboutAnswer({ probabilities, logits = null }, usual) {
  const [best, second] = ranking(probabilities);
  const found = [];
  if (best === NOT_A_DIGIT) {
    found.push(doubt('no_digit', probabilities[best], { low: null, high: usual.not_a_digit.high }, second));
  } else if (outside(usual.runner_up, probabilities[second])) {
    const code = second === NOT_A_DIGIT ? 'may_be_no_digit' : 'runner_up';
    found.push(doubt(code, probabilities[second], usual.runner_up, second));
  }
  const familiar = logits && familiarity(logits);
  if (logits && outside(usual.familiarity, familiar)) found.push(doubt('unfamiliar', familiar, usual.familiarity));
  return found;
}

/** How strongly any digit speaks up: the logarithm of the sum of the exponentials of their logits (negative energy). */
export function familiarity(logits) {
  const digits = Array.from(logits).slice(0, NOT_A_DIGIT);
  const peak = Math.max(...digits);
  return peak + Math.log(digits.reduce((total, logit) => total + Math.exp(logit - peak), 0));
}

function outside({ low, high, slack = 0 }, measured) {
  if (low !== null && measured < low - slack) return -1;
  return Number(high !== null && measured > high + slack);
}

const doubt = (code, measured, { low, high }, value) => ({ code, measured, low, high, ...(value === undefined ? {} : { value }) });
