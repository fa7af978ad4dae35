// A 3 x 3 kernel on a 28 x 28 frame, with zeros beyond the edge. Pure.

import { SIDE } from '../lens/frames.js';

/** Rows of weights, and what they look for is said by their names on the page. */
export const KERNELS = {
  left: [-1, 0, 1, -1, 0, 1, -1, 0, 1],
  top: [-1, -1, -1, 0, 0, 0, 1, 1, 1],
  slant: [-1, -1, 2, -1, 2, -1, 2, -1, -1],
  outline: [-1, -1, -1, -1, 8, -1, -1, -1, -1],
  blur: Array(9).fill(1 / 9),
  copy: [0, 0, 0, 0, 1, 0, 0, 0, 0],
};

/** The nine values around a place, row by row; 0 beyond the edge. */
export function patchAt(frame, row, column) {
  return Array.from({ length: 9 }, (_, place) => {
    const y = row + Math.floor(place / 3) - 1;
    const x = column + (place % 3) - 1;
    return y < 0 || x < 0 || y >= SIDE || x >= SIDE ? 0 : frame[y * SIDE + x];
  });
}

/** The nine products and their sum with the bias. @returns {{products: number[], sum: number}} */
export function sumAt(frame, kernel, bias, row, column) {
  const products = patchAt(frame, row, column).map((value, place) => value * kernel[place]);
  return { products, sum: products.reduce((sum, product) => sum + product, bias) };
}

/** A place at the rim of the first stroke, where there are greys. @returns {[number, number]} row and column */
export function firstRim(frame) {
  const place = Math.max(0, frame.findIndex((value) => value > 0.2 && value < 0.9));
  return [Math.floor(place / SIDE), place % SIDE];
}

/** The feature map, (784,). */
export function convolve(frame, kernel, bias = 0) {
  return Float32Array.from({ length: SIDE * SIDE }, (_, place) => sumAt(frame, kernel, bias, Math.floor(place / SIDE), place % SIDE).sum);
}
