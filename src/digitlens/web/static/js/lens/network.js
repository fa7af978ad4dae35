// The served network in plain JavaScript: every layer's values for one frame. Pure: runs in pages, workers and Node.
// Maps lie as [row][column][channel], channel fastest, so the inner loops run through memory in order.

import { softmax } from '../answers.js';
import { ACTIVATIONS } from './activations.js';

const KINDS = {
  input: null, convolution, depthwise, max_pool: pool, average_pool: pool, flatten: same, dense, add, activation: same, mean, scale,
};

/** The network serves, but it holds an operation that the lens cannot take apart. */
export class UnsupportedNetwork extends Error {
  /** @param {string} operation in TensorFlow Lite's words, such as "SOFTMAX" */
  constructor(operation, message = `This network uses ${operation}, which the lens cannot show.`) {
    super(message);
    this.name = 'UnsupportedNetwork';
    this.operation = operation;
  }
}

/** A network with its weights. Make one and keep it. */
export class Network {
  /**
   * @param {object} description what `network.json` holds
   * @param {ArrayBuffer} buffer the file that its offsets count in
   * @throws {UnsupportedNetwork} there is a layer that cannot be shown
   */
  static of(description, buffer) {
    const { unsupported } = description;
    if (unsupported) throw new UnsupportedNetwork(unsupported.operation, unsupported.message);
    for (const { kind, activation } of description.layers) {
      if (!(kind in KINDS)) throw new UnsupportedNetwork(kind);
      if (activation && !(activation in ACTIVATIONS)) throw new UnsupportedNetwork(activation);
    }
    return new Network(description, buffer);
  }

  constructor(description, buffer) {
    this.description = description;
    this.labels = description.labels;
    this.temperature = description.temperature;
    /** The description's layers, each with `weights: {kernel, bias}` (Float32Array or null) and `kernelShape`. */
    this.layers = description.layers.map((layer) => withWeights(layer, buffer));
    this.byName = new Map(this.layers.map((layer) => [layer.name, layer]));
  }

  layer(name) {
    return this.byName.get(name);
  }

  /**
   * Every layer's values for one frame.
   * @param {Float32Array} frame 784 numbers in [0, 1], row by row, ink bright
   * @param {object} options
   * @param {Object<string, Set<number>>} [options.knocked] channels of layers that are silenced: 0 after the activation
   * @param {{layer: string, activations: Map}} [options.after] what an earlier call gave for this frame: it is taken for
   *   every layer up to that one, and only what follows is computed
   * @returns {Map<string, {values: Float32Array, before: Float32Array, shape: number[]}>} in the network's order, the
   *   last is the logits; `before` is what the activation function got, the same array where there is none
   */
  forward(frame, { knocked = {}, after } = {}) {
    const all = new Map();
    const known = after ? this.layers.indexOf(this.layer(after.layer)) : -1;
    this.layers.forEach((layer, at) => {
      const found = at <= known ? after.activations.get(layer.name) : computed(layer, all, frame);
      const silent = knocked[layer.name];
      all.set(layer.name, silent?.size ? { ...found, values: silenced(found.values, layer, silent) } : found);
    });
    return all;
  }

  /** @returns {Float32Array} the last layer's values: one number for each label */
  logits(frame, options) {
    return this.forward(frame, options).get(this.layers.at(-1).name).values;
  }

  /**
   * Logits to probabilities: divided by the temperature that was fitted for them, then softmax.
   * @returns {Float32Array} in [0, 1], sum 1
   */
  probabilities(logits) {
    return softmax(logits, this.temperature);
  }
}

/**
 * Where a window stands: rows or columns of the input for one place of the output, with LiteRT's padding.
 * @returns {{first: number, from: number, to: number}} tap k sees `first + k`; taps `from` to `to` (without) are inside
 */
export function windowAt(place, size, output, taps, stride, padding) {
  const missing = padding === 'same' ? Math.max(0, (output - 1) * stride + taps - size) : 0;
  const first = place * stride - Math.floor(missing / 2);
  return { first, from: Math.max(0, -first), to: Math.min(taps, size - first) };
}

/**
 * Call `visit(output place, input place, tap)` for every tap of every window that is inside the picture; places and
 * taps are counted row by row.
 */
export function eachTap(layer, [height, width], [tapRows, tapColumns], visit) {
  const [rows, columns] = layer.shape;
  const [down, right] = layer.strides;
  for (let row = 0; row < rows; row++) {
    const vertical = windowAt(row, height, rows, tapRows, down, layer.padding);
    for (let column = 0; column < columns; column++) {
      const across = windowAt(column, width, columns, tapColumns, right, layer.padding);
      for (let y = vertical.from; y < vertical.to; y++) {
        const start = (vertical.first + y) * width + across.first;
        for (let x = across.from; x < across.to; x++) visit(row * columns + column, start + x, y * tapColumns + x);
      }
    }
  }
}

/** target[at + k] += the sum over the first `count` pairs of factor * matrix[row start + k], for k in 0..width-1. */
export function addRows(target, at, width, factors, starts, count, matrix) {
  let pair = 0;
  for (; pair + 3 < count; pair += 4) {
    const a = factors[pair], b = factors[pair + 1], c = factors[pair + 2], d = factors[pair + 3];
    const p = starts[pair], q = starts[pair + 1], r = starts[pair + 2], s = starts[pair + 3];
    for (let k = 0; k < width; k++) {
      target[at + k] += a * matrix[p + k] + b * matrix[q + k] + c * matrix[r + k] + d * matrix[s + k];
    }
  }
  for (; pair < count; pair++) {
    const factor = factors[pair], start = starts[pair];
    for (let k = 0; k < width; k++) target[at + k] += factor * matrix[start + k];
  }
}

/** Zeros are left out: paper is 0 and so is whatever ReLU cut off. */
function convolution(layer, [source]) {
  const [tapRows, tapColumns, depth, width] = layer.kernelShape;
  const { kernel } = layer.weights;
  const output = withBias(layer);
  const factors = new Float64Array(tapRows * tapColumns * depth);
  const starts = new Int32Array(factors.length);
  let count = 0;
  let current = 0;
  const finish = () => addRows(output, current * width, width, factors, starts, count, kernel);
  eachTap(layer, source.shape, [tapRows, tapColumns], (place, seen, tap) => {
    if (place !== current) {
      finish();
      [count, current] = [0, place];
    }
    for (let channel = 0, at = seen * depth; channel < depth; channel++, at++) {
      const value = source.values[at];
      if (value !== 0) {
        factors[count] = value;
        starts[count++] = (tap * depth + channel) * width;
      }
    }
  });
  finish();
  return output;
}

function depthwise(layer, [source]) {
  const [tapRows, tapColumns, width] = layer.kernelShape;
  const depth = source.shape[2];
  const multiplier = width / depth;
  const { kernel } = layer.weights;
  const output = withBias(layer);
  eachTap(layer, source.shape, [tapRows, tapColumns], (place, seen, tap) => {
    for (let out = 0; out < width; out++) {
      output[place * width + out] += source.values[seen * depth + Math.floor(out / multiplier)] * kernel[tap * width + out];
    }
  });
  return output;
}

function pool(layer, [source]) {
  const depth = layer.shape[2];
  const highest = layer.kind === 'max_pool';
  const output = new Float32Array(size(layer)).fill(highest ? -Infinity : 0);
  const counts = new Uint16Array(output.length / depth); // the padding is no part of a mean
  eachTap(layer, source.shape, layer.pool, (place, seen) => {
    counts[place] += 1;
    for (let channel = 0; channel < depth; channel++) {
      const value = source.values[seen * depth + channel];
      const at = place * depth + channel;
      output[at] = highest ? Math.max(output[at], value) : output[at] + value;
    }
  });
  if (!highest) for (let at = 0; at < output.length; at++) output[at] /= counts[Math.floor(at / depth)];
  return output;
}

function dense(layer, [source]) {
  const [depth, width] = layer.kernelShape;
  const output = new Float64Array(width); // thousands of small parts: their sum needs the digits
  if (layer.weights.bias) output.set(layer.weights.bias);
  addRows(output, 0, width, source.values, Int32Array.from({ length: depth }, (_, row) => row * width), depth, layer.weights.kernel);
  return Float32Array.from(output);
}

function add(layer, [one, other]) {
  return one.values.map((value, at) => value + other.values[at]);
}

function mean(layer, [source]) {
  const depth = source.shape[2];
  const sums = new Float64Array(depth);
  source.values.forEach((value, at) => { sums[at % depth] += value; });
  return Float32Array.from(sums, (sum) => sum / (source.values.length / depth));
}

function scale(layer, [source]) {
  const { kernel, bias } = layer.weights;
  return source.values.map((value, at) => value * (kernel ? kernel[at % kernel.length] : 1) + (bias ? bias[at % bias.length] : 0));
}

function same(layer, [source]) {
  return source.values;
}

function computed(layer, all, frame) {
  const compute = KINDS[layer.kind];
  const before = compute ? compute(layer, layer.inputs.map((name) => all.get(name))) : Float32Array.from(frame);
  return { values: activated(before, layer), before, shape: layer.shape };
}

function activated(before, { activation, alpha }) {
  if (!activation) return before;
  const { of } = ACTIVATIONS[activation];
  const values = new Float32Array(before.length);
  for (let at = 0; at < values.length; at++) values[at] = of(before[at], alpha);
  return values;
}

function silenced(values, layer, silent) {
  const depth = layer.shape.at(-1);
  return values.map((value, at) => (silent.has(at % depth) ? 0 : value));
}

function size({ shape }) {
  return shape.reduce((product, side) => product * side, 1);
}

function withBias(layer) {
  const output = new Float32Array(size(layer));
  const { bias } = layer.weights;
  if (bias) for (let at = 0; at < output.length; at += bias.length) output.set(bias, at);
  return output;
}

/** A layer with its numbers, turned so that the channels of the output are the fastest. */
function withWeights(layer, buffer) {
  const bias = layer.bias && decode(layer.bias, buffer);
  if (!layer.kernel) return { ...layer, kernelShape: null, weights: { kernel: null, bias } };
  const kernel = decode(layer.kernel, buffer);
  const { shape } = layer.kernel;
  if (layer.kind === 'convolution' || layer.kind === 'dense') {
    return { ...layer, kernelShape: [...shape.slice(1), shape[0]], weights: { kernel: transposed(kernel, shape[0]), bias } };
  }
  return { ...layer, kernelShape: layer.kind === 'depthwise' ? shape.slice(1) : [kernel.length], weights: { kernel, bias } };
}

/** A matrix of some rows with its columns as rows. */
export function transposed(matrix, rows) {
  const columns = matrix.length / rows;
  const turned = new Float32Array(matrix.length);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) turned[column * rows + row] = matrix[row * columns + column];
  }
  return turned;
}

let halves; // every float16 there is

function decode({ offset, shape, dtype }, buffer) {
  const count = shape.reduce((product, side) => product * side, 1);
  // A copy, because a view needs an offset that is a multiple of the number's size.
  if (dtype === 'float32') return new Float32Array(buffer.slice(offset, offset + 4 * count));
  halves ??= Float32Array.from({ length: 0x10000 }, (_, bits) => halfToNumber(bits));
  const codes = new Uint16Array(buffer.slice(offset, offset + 2 * count));
  const values = new Float32Array(count);
  for (let at = 0; at < count; at++) values[at] = halves[codes[at]];
  return values;
}

/** IEEE 754 binary16: sign, 5 bits of exponent, 10 bits of fraction. */
export function halfToNumber(bits) {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
