// What can be done to a frame: moved, made thicker or thinner, blurred, made noisy, painted on. Pure: no document.
// A frame is a Float32Array(784) in [0, 1], row-major 28 x 28, ink bright on 0, in multiples of 1/255.

import { SIDE } from './frames.js';
const CENTRE = 14; // pixel index where the normalisation puts a glyph's centre of mass

/** Every slider: from where to where, in which steps, and where it changes nothing. */
export const RANGES = {
  turn: { low: -180, high: 180, step: 1, rest: 0 }, // degrees, clockwise
  shiftX: { low: -10, high: 10, step: 0.25, rest: 0 }, // pixels to the right
  shiftY: { low: -10, high: 10, step: 0.25, rest: 0 }, // pixels down
  scale: { low: 40, high: 160, step: 1, rest: 100 }, // percent
  shear: { low: -45, high: 45, step: 1, rest: 0 }, // degrees; the top goes to the right
  thickness: { low: -3, high: 4, step: 0.1, rest: 0 }, // pixels of stroke width
  blur: { low: 0, high: 3, step: 0.1, rest: 0 }, // pixels, standard deviation of the Gaussian
  noise: { low: 0, high: 60, step: 1, rest: 0 }, // percent of full ink, standard deviation
  ink: { low: 5, high: 200, step: 1, rest: 100 }, // percent of the ink that was there
  ground: { low: 0, high: 90, step: 1, rest: 0 }, // percent of full ink on empty paper
};

/** The values of all sliders where nothing is changed. */
export function atRest() {
  return {
    ...Object.fromEntries(Object.entries(RANGES).map(([name, { rest }]) => [name, rest])),
    inverted: false,
    seed: 1,
  };
}

/**
 * The frame after all changes, in this order: moved (one affine map), thickness, blur, ink, ground, noise, inverted,
 * painted. At rest it is the frame itself.
 * @param {Float32Array} frame
 * @param {object} values as from `atRest`
 * @param {Float32Array | null} paint 784 numbers in [-1, 1]: 1 is full ink, -1 erases, 0 leaves
 */
export function transform(frame, values, paint = null) {
  let changed = move(frame, values);
  if (values.thickness) changed = thicken(changed, values.thickness);
  if (values.blur) changed = blurred(changed, values.blur);
  changed = toned(changed, values);
  if (values.noise) changed = noisy(changed, values.noise / 100, values.seed);
  if (values.inverted) changed = changed.map((value) => 1 - value);
  if (paint) changed = changed.map((value, place) => painted(value, paint[place]));
  return quantised(changed);
}

/** The frame with one slider at a value and everything else at rest. */
export const changedBy = (frame, name, value) => transform(frame, { ...atRest(), [name]: value });

/** Nearest multiples of 1/255 within [0, 1]. */
export function quantised(frame) {
  return Float32Array.from(frame, (value) => Math.round(255 * Math.min(1, Math.max(0, value))) / 255);
}

/** Turn, scale, shear and shift about the frame's centre in one affine map, sampled bilinearly; paper lies around. */
export function move(frame, { turn, shiftX, shiftY, scale, shear }) {
  if (!turn && !shiftX && !shiftY && scale === 100 && !shear) return Float32Array.from(frame);
  const angle = (turn * Math.PI) / 180;
  const slant = Math.tan((shear * Math.PI) / 180);
  const size = scale / 100;
  const [cos, sin] = [Math.cos(angle) / size, Math.sin(angle) / size];
  const out = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < SIDE; row += 1) {
    for (let column = 0; column < SIDE; column += 1) {
      const right = column - CENTRE - shiftX;
      const down = row - CENTRE - shiftY;
      const y = cos * down - sin * right; // the turn undone, then the size, then the slant
      const x = cos * right + sin * down + slant * y;
      out[row * SIDE + column] = sample(frame, x + CENTRE, y + CENTRE);
    }
  }
  return out;
}

function sample(frame, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [right, down] = [x - left, y - top];
  const upper = (1 - right) * at(frame, left, top) + right * at(frame, left + 1, top);
  const lower = (1 - right) * at(frame, left, top + 1) + right * at(frame, left + 1, top + 1);
  return (1 - down) * upper + down * lower;
}

const at = (frame, x, y) => (x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : frame[y * SIDE + x]);

/**
 * Strokes wider by so many pixels, or thinner where it is negative. Grey dilation (or erosion) with a disc whose rim
 * fades over one pixel, so that the width grows gradually and does not jump from pixel to pixel.
 */
function thicken(frame, change) {
  if (!change) return Float32Array.from(frame);
  if (change > 0) return dilated(frame, change / 2);
  return dilated(frame.map((value) => 1 - value), -change / 2).map((value) => 1 - value);
}

function dilated(frame, radius) {
  const reach = Math.ceil(radius);
  const disc = [];
  for (let down = -reach; down <= reach; down += 1) {
    for (let right = -reach; right <= reach; right += 1) {
      const weight = Math.min(1, radius + 1 - Math.hypot(down, right));
      if (weight > 0) disc.push({ down, right, weight });
    }
  }
  return Float32Array.from(frame, (_, place) => {
    const [row, column] = [Math.floor(place / SIDE), place % SIDE];
    let most = 0;
    for (const { down, right, weight } of disc) most = Math.max(most, weight * at(frame, column + right, row + down));
    return most;
  });
}

/** Gaussian blur; `sigma` in pixels. */
export function blurred(frame, sigma) {
  const reach = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * reach + 1 }, (_, place) => Math.exp(-0.5 * ((place - reach) / sigma) ** 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const along = (source, stepX, stepY) => source.map((_, place) => {
    const [row, column] = [Math.floor(place / SIDE), place % SIDE];
    let total = 0;
    for (let step = -reach; step <= reach; step += 1) {
      total += weights[step + reach] * at(source, column + step * stepX, row + step * stepY);
    }
    return total / sum;
  });
  return along(along(frame, 1, 0), 0, 1);
}

function toned(frame, { ink, ground }) {
  const floor = ground / 100;
  return frame.map((value) => floor + (1 - floor) * Math.min(1, (value * ink) / 100));
}

/** Gaussian noise with this standard deviation; the same seed gives the same noise. */
export function noisy(frame, deviation, seed) {
  const next = random(seed);
  return frame.map((value) => value + deviation * Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()));
}

/** Numbers in [0, 1), the same for the same seed: "mulberry32" by Tommy Ettinger, public domain. */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const painted = (value, amount) => (amount > 0 ? Math.max(value, amount) : value * (1 + amount));

/**
 * Paint with a round brush whose rim is one pixel soft.
 * @param {Float32Array} paint 784 numbers in [-1, 1], changed in place
 * @param {number} x, y centre of the brush in pixels of the frame: (0.5, 0.5) is the middle of the first pixel
 * @param {number} radius in pixels
 * @param {1 | -1} sign 1 draws, -1 erases
 */
export function dab(paint, x, y, radius, sign) {
  for (let row = Math.max(0, Math.floor(y - radius)); row <= Math.min(SIDE - 1, y + radius); row += 1) {
    for (let column = Math.max(0, Math.floor(x - radius)); column <= Math.min(SIDE - 1, x + radius); column += 1) {
      const amount = Math.min(1, radius + 0.5 - Math.hypot(row + 0.5 - y, column + 0.5 - x));
      const place = row * SIDE + column;
      if (amount > 0 && sign * paint[place] < amount) paint[place] = sign * amount;
    }
  }
}

/** Dabs along a line, so that a quick finger leaves no gaps. */
export function stroke(paint, from, to, radius, sign) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to.x - from.x, to.y - from.y)));
  for (let step = 0; step <= steps; step += 1) {
    const share = step / steps;
    dab(paint, from.x + share * (to.x - from.x), from.y + share * (to.y - from.y), radius, sign);
  }
}
