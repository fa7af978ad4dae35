// What the logits owe to every pixel: gradients, integrated gradients, and exact shares of places. Pure.

import { ACTIVATIONS } from './activations.js';
import { addRows, eachTap, transposed } from './network.js';

const BACKWARD = { convolution, depthwise, max_pool: maxPool, average_pool: averagePool, flatten: same, dense, add, activation: same, mean, scale };
const turnedKernels = new WeakMap(); // each kernel with its rows and columns exchanged, made at its first use

/**
 * The gradient of a weighted sum of the logits with respect to the frame: how fast that sum grows when a pixel gets
 * brighter. ReLU passes nothing at 0; of several highest places of a pool the first counts.
 * @param {Network} network
 * @param {Map} activations from `network.forward`, nothing knocked out
 * @param {ArrayLike<number>} weightsOfLogits one for each logit, as 1 for a digit and -1 for its runner-up
 * @returns {Float32Array} 784 numbers
 */
export function gradient(network, activations, weightsOfLogits) {
  const last = network.layers.at(-1);
  const gradients = new Map([[last.name, Float32Array.from(weightsOfLogits)]]);
  for (const layer of network.layers.slice(1).reverse()) {
    const arrived = gradients.get(layer.name);
    gradients.delete(layer.name);
    if (!arrived) continue; // leads to no logit
    const inputs = layer.inputs.map((name) => activations.get(name));
    const backward = BACKWARD[layer.kind](layer, beforeActivation(layer, activations.get(layer.name), arrived), inputs);
    layer.inputs.forEach((name, at) => {
      const others = gradients.get(name);
      const part = Array.isArray(backward) ? backward[at] : backward;
      gradients.set(name, others ? others.map((value, index) => value + part[index]) : part);
    });
  }
  return gradients.get(network.layers[0].name);
}

/**
 * Integrated gradients: M. Sundararajan, A. Taly and Q. Yan, "Axiomatic Attribution for Deep Networks", 2017. Between
 * the empty frame and this one, the gradients are averaged and multiplied by the pixels. The shares add up to the
 * difference that the frame makes, but for the error of the sum's finite steps, which shrinks with more of them. Faint ink
 * decides most, so the steps stand closer there: at t * t * t of the ink with t evenly spaced. A pixel without ink gets 0:
 * that nothing is there never counts for or against.
 * @param {{steps?: number, onProgress?: (share: number) => void, signal?: AbortSignal}} options
 * @returns {Promise<{attributions: Float32Array, sum: number, difference: number}>} 784 shares, their sum, and the
 *   weighted logits of the frame minus those of the empty frame
 */
export async function integratedGradients(network, frame, weightsOfLogits, { steps = 64, onProgress, signal } = {}) {
  const total = new Float64Array(frame.length);
  const weighted = (logits) => logits.reduce((sum, logit, at) => sum + logit * weightsOfLogits[at], 0);
  for (let step = 0; step < steps; step++) {
    const t = (step + 0.5) / steps;
    const activations = network.forward(frame.map((value) => value * t ** 3));
    gradient(network, activations, weightsOfLogits).forEach((value, at) => { total[at] += (3 * t * t * value) / steps; });
    onProgress?.((step + 1) / steps);
    await pause();
    signal?.throwIfAborted();
  }
  const attributions = Float32Array.from(frame, (value, at) => value * total[at]);
  const difference = weighted(network.logits(frame)) - weighted(network.logits(new Float32Array(frame.length)));
  return { attributions, sum: attributions.reduce((sum, value) => sum + value, 0), difference };
}

/**
 * The exact share of every place in every logit. Only where the last layer is linear on flattened maps: a logit is then
 * its bias plus the sum over places of feature times weight, and nothing is estimated. A place of the last maps sees a
 * large part of the frame, not one pixel.
 * @returns {{values: Float32Array, shape: number[], bias: Float32Array} | null} values as [row][column][label]
 */
export function contributions(network, activations) {
  const [maps, flatten, logits] = network.layers.slice(-3);
  if (flatten?.kind !== 'flatten' || logits.kind !== 'dense' || logits.activation || maps.shape.length !== 3) return null;
  if (flatten.inputs[0] !== maps.name || logits.inputs[0] !== flatten.name) return null;
  const [rows, columns, depth] = maps.shape;
  const [, width] = logits.kernelShape;
  const features = activations.get(maps.name).values;
  const values = new Float32Array(rows * columns * width);
  const starts = new Int32Array(depth);
  for (let place = 0; place < rows * columns; place++) {
    for (let channel = 0; channel < depth; channel++) starts[channel] = (place * depth + channel) * width;
    addRows(values, place * width, width, features.subarray(place * depth, (place + 1) * depth), starts, depth, logits.weights.kernel);
  }
  return { values, shape: [rows, columns, width], bias: logits.weights.bias ?? new Float32Array(width) };
}

/** Let the page breathe: a timer's turn, so that clicks and frames come in between. */
function pause() {
  return new Promise((resolve) => { setTimeout(resolve); });
}

function beforeActivation({ activation, alpha }, { values, before }, arrived) {
  if (!activation) return arrived;
  const { slope } = ACTIVATIONS[activation];
  return arrived.map((value, at) => (value === 0 ? 0 : value * slope(before[at], values[at], alpha)));
}

/** The kernel with [..., out, in] in the place of [..., in, out]. */
function turnedKernel({ kernelShape, weights: { kernel } }) {
  if (!turnedKernels.has(kernel)) {
    const [depth, width] = kernelShape.slice(-2);
    const turned = new Float32Array(kernel.length);
    for (let at = 0; at < kernel.length; at += depth * width) {
      turned.set(transposed(kernel.subarray(at, at + depth * width), depth), at);
    }
    turnedKernels.set(kernel, turned);
  }
  return turnedKernels.get(kernel);
}

function convolution(layer, arrived, [source]) {
  const [tapRows, tapColumns, depth, width] = layer.kernelShape;
  const turned = turnedKernel(layer);
  const gradients = new Float32Array(source.values.length);
  const factors = new Float64Array(width);
  const starts = new Int32Array(width);
  let count = 0;
  let current = -1;
  let shifted = 0; // what `starts` count from
  eachTap(layer, source.shape, [tapRows, tapColumns], (place, seen, tap) => {
    if (place !== current) {
      [current, count, shifted] = [place, 0, 0];
      for (let out = 0; out < width; out++) {
        const value = arrived[place * width + out];
        if (value !== 0) {
          factors[count] = value;
          starts[count++] = out * depth;
        }
      }
    }
    const shift = tap * width * depth;
    for (let pair = 0; pair < count; pair++) starts[pair] += shift - shifted;
    shifted = shift;
    addRows(gradients, seen * depth, depth, factors, starts, count, turned);
  });
  return gradients;
}

function depthwise(layer, arrived, [source]) {
  const [tapRows, tapColumns, width] = layer.kernelShape;
  const depth = source.shape[2];
  const gradients = new Float32Array(source.values.length);
  eachTap(layer, source.shape, [tapRows, tapColumns], (place, seen, tap) => {
    for (let out = 0; out < width; out++) {
      gradients[seen * depth + Math.floor((out * depth) / width)] += arrived[place * width + out] * layer.weights.kernel[tap * width + out];
    }
  });
  return gradients;
}

function maxPool(layer, arrived, [source]) {
  const depth = source.shape[2];
  const best = new Int32Array(arrived.length).fill(-1);
  eachTap(layer, source.shape, layer.pool, (place, seen) => {
    for (let channel = 0; channel < depth; channel++) {
      const at = place * depth + channel;
      const candidate = seen * depth + channel;
      if (best[at] < 0 || source.values[candidate] > source.values[best[at]]) best[at] = candidate;
    }
  });
  const gradients = new Float32Array(source.values.length);
  arrived.forEach((value, at) => { gradients[best[at]] += value; });
  return gradients;
}

function averagePool(layer, arrived, [source]) {
  const depth = source.shape[2];
  const counts = new Uint16Array(arrived.length / depth);
  eachTap(layer, source.shape, layer.pool, (place) => { counts[place] += 1; });
  const gradients = new Float32Array(source.values.length);
  eachTap(layer, source.shape, layer.pool, (place, seen) => {
    for (let channel = 0; channel < depth; channel++) {
      gradients[seen * depth + channel] += arrived[place * depth + channel] / counts[place];
    }
  });
  return gradients;
}

function dense(layer, arrived, [source]) {
  const [depth, width] = layer.kernelShape;
  const gradients = new Float32Array(source.values.length);
  const starts = Int32Array.from({ length: width }, (_, out) => out * depth);
  addRows(gradients, 0, depth, arrived, starts, width, turnedKernel(layer));
  return gradients;
}

function add(layer, arrived) {
  return [arrived, arrived];
}

function mean(layer, arrived, [source]) {
  const places = source.values.length / arrived.length;
  return source.values.map((_, at) => arrived[at % arrived.length] / places);
}

function scale(layer, arrived) {
  const { kernel } = layer.weights;
  return kernel ? arrived.map((value, at) => value * kernel[at % kernel.length]) : arrived;
}

function same(layer, arrived) {
  return arrived;
}
