// Numbers as small pictures: one pixel of the canvas for each number; style sheets enlarge it, unsmoothed.

import { t } from '../words.js';
import { SIDE } from './frames.js';

/** A canvas for a picture with a text alternative; `dir` keeps it as it is where text runs from right to left. */
export function pictureOf(label, className = 'pixels') {
  const canvas = document.createElement('canvas');
  canvas.className = className;
  canvas.dir = 'ltr';
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label || t('This part is being made…')); // never nameless until it is drawn
  return canvas;
}

/** Draw a frame, ink bright on dark, as the network sees it. @param {Float32Array} frame (784,), in [0, 1] */
export function drawFrame(canvas, frame) {
  drawValues(canvas, frame, SIDE, SIDE, { low: 0, high: 1 });
}

/**
 * Draw a map of values as greys: `low` is black, `high` white.
 * @param {ArrayLike<number>} values (height * width,), row by row
 */
export function drawValues(canvas, values, width, height, { low, high }) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  fillGrey(image.data, 4 * width, values, width, height, { low, high });
  canvas.getContext('2d').putImageData(image, 0, 0);
}

/** Write greys into RGBA bytes from `start` on; `stride` bytes lie between two rows. */
export function fillGrey(bytes, stride, values, width, height, { low, high, start = 0, step = 1, first = 0 }) {
  const scale = high > low ? 255 / (high - low) : 0;
  for (let row = 0; row < height; row += 1) {
    let at = start + row * stride;
    for (let column = 0; column < width; column += 1) {
      const grey = Math.round((values[first + step * (row * width + column)] - low) * scale);
      bytes[at] = grey;
      bytes[at + 1] = grey;
      bytes[at + 2] = grey;
      bytes[at + 3] = 255;
      at += 4;
    }
  }
}
