// Ink of one glyph to the 28 x 28 frame that the network knows: `imaging/normalise.py`, number by number. Pure.
// The parts that Python takes from OpenCV (resize, distance transform, dilation) are in resample.js.

import { INK_LEVEL, dilate, resizeArea, resizeLinear, roundHalfEven, strokeWidth } from './resample.js';

export const FRAME_SIDE = 28;
const GLYPH_SIDE = 20;
const CENTRE = 14; // of the mass, as in MNIST
const THINNEST_STROKE = 2; // px in the frame
const WORKING_SIDE = 160;

/**
 * Bring one glyph's ink into the frame.
 * @param {Float32Array} values ink in [0, 1], bright on 0, row by row
 * @returns {Float32Array} (784,), in [0, 1]; all zero where there is no ink
 */
export function normalise(values, width, height) {
  let ink = crop({ values, width, height });
  if (!ink) return new Float32Array(FRAME_SIDE ** 2);
  ink = scaled(ink, peakOf(ink.values));
  if (Math.max(ink.width, ink.height) > WORKING_SIDE) ink = resizeLongestSide(ink, WORKING_SIDE);
  const glyph = resizeLongestSide(crop(widenThinStroke(ink)), GLYPH_SIDE);
  const peak = peakOf(glyph.values);
  return centreByMass(peak > 0 ? scaled(glyph, peak) : glyph);
}

/** The frame as the network is asked about it everywhere: multiples of 1/255. */
export function quantised(frame) {
  return frame.map((value) => roundHalfEven(255 * value) / 255);
}

function peakOf(values) {
  let peak = 0;
  for (const value of values) if (value > peak) peak = value;
  return peak;
}

const scaled = ({ values, width, height }, peak) => ({ values: values.map((value) => value / peak), width, height });

/** Cut to the pixels above a tenth of the brightest one; null where there are none. */
function crop({ values, width, height }) {
  const level = Math.fround(0.1 * peakOf(values));
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (!(values[y * width + x] > level)) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  if (right < 0) return null;
  const cut = { values: new Float32Array((right - left + 1) * (bottom - top + 1)), width: right - left + 1, height: bottom - top + 1 };
  for (let y = top; y <= bottom; y += 1) {
    cut.values.set(values.subarray(y * width + left, y * width + right + 1), (y - top) * cut.width);
  }
  return cut;
}

function resizeLongestSide(ink, side) {
  const scale = side / Math.max(ink.width, ink.height);
  const width = Math.max(1, roundHalfEven(ink.width * scale));
  const height = Math.max(1, roundHalfEven(ink.height * scale));
  return scale < 1 ? resizeArea(ink, width, height) : resizeLinear(ink, width, height);
}

function widenThinStroke(ink) {
  const wanted = (THINNEST_STROKE * Math.max(ink.width, ink.height)) / GLYPH_SIDE;
  const missing = wanted - strokeWidth(ink, INK_LEVEL);
  return missing < 1 ? ink : dilate(ink, roundHalfEven(missing) + 1);
}

/** Paste so that the centre of mass falls on the frame's centre, as far as the glyph still fits. */
function centreByMass({ values, width, height }) {
  let [mass, rows, columns] = [0, 0, 0];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = values[y * width + x];
      mass += value;
      rows += value * y;
      columns += value * x;
    }
  }
  const place = (mean, side) => Math.min(FRAME_SIDE - side, Math.max(0, roundHalfEven(CENTRE - mean)));
  const top = place(rows / mass, height);
  const left = place(columns / mass, width);
  const frame = new Float32Array(FRAME_SIDE ** 2);
  for (let y = 0; y < height; y += 1) {
    frame.set(values.subarray(y * width, (y + 1) * width), (top + y) * FRAME_SIDE + left);
  }
  return frame;
}
