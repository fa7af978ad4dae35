// The map's numbers: where a frame lies among the test's digits, and which training examples are nearest. Pure, but for
// `loadMap`. Distances are in units of the usual one: the median of held-out digits to their nearest training example.

import { fetched } from '../fetched.js';

const ARRAYS = { mean: Float32Array, directions: Float32Array, steps: Float32Array, places: Uint16Array, codes: Int8Array, labels: Uint8Array };
const SHEET = 65535;
const NEIGHBOURS = 10;
const loaded = new Map(); // address -> Promise<DigitMap|null>

/** A map of one network, see `training/digit_map.py`. The test's digits come first, then the training examples. */
export class DigitMap {
  /** @param {object} about what `map.json` holds @param {ArrayBuffer} buffer what `map.bin` holds */
  constructor(about, buffer) {
    let start = 0;
    for (const [name, shape] of Object.entries(about.arrays)) {
      const count = shape.reduce((product, side) => product * side, 1);
      this[name] = new ARRAYS[name](buffer, start, count);
      start += this[name].byteLength;
    }
    this.about = about;
    this.far = about.far;
    this.size = this.steps.length;
    this.tests = about.test;
    this.count = this.labels.length;
    this.points = Float32Array.from(this.codes, (code, at) => code * this.steps[at % this.size]);
  }

  /** @param {Float32Array} features of the last layer @returns {Float32Array} a point */
  project(features) {
    const width = this.mean.length;
    return Float32Array.from({ length: this.size }, (_, row) => {
      let sum = 0;
      for (let at = 0; at < width; at += 1) sum += this.directions[row * width + at] * (features[at] - this.mean[at]);
      return sum;
    });
  }

  /** Nearest first: `[{index, label, distance}]`. */
  nearestTest = (point, count = NEIGHBOURS) => this.#nearest(point, 0, this.tests, count);
  nearestTraining = (point, count = NEIGHBOURS) => this.#nearest(point, this.tests, this.count, count);

  /** Where a point stands on the sheet: the mean of its neighbours' places, the nearer the heavier. */
  place(point) {
    let [x, y, sum] = [0, 0, 0];
    for (const { index, distance } of this.nearestTest(point)) {
      const weight = 1 / (distance * distance + 1e-3);
      const there = this.placeOf(index);
      x += weight * there.x;
      y += weight * there.y;
      sum += weight;
    }
    return { x: x / sum, y: y / sum };
  }

  /** Of one of the test's digits, both from 0 to 1. */
  placeOf = (index) => ({ x: this.places[2 * index] / SHEET, y: this.places[2 * index + 1] / SHEET });

  #nearest(point, from, to, count) {
    const found = [];
    for (let index = from; index < to; index += 1) {
      let sum = 0;
      for (let at = 0, code = index * this.size; at < this.size; at += 1, code += 1) sum += (this.points[code] - point[at]) ** 2;
      if (found.length === count && sum >= found[count - 1].sum) continue;
      const before = found.findIndex((other) => other.sum > sum);
      found.splice(before < 0 ? found.length : before, 0, { index, sum });
      found.length = Math.min(found.length, count);
    }
    return found.map(({ index, sum }) => ({ index, label: this.labels[index], distance: Math.sqrt(sum) }));
  }
}

/**
 * What the last layer sees: for each channel the mean over all places.
 * @param {Network} network
 * @param {Map<string, {values: Float32Array}>} activations of one frame
 * @returns {Float32Array}
 */
export function featuresOf(network, activations) {
  let layer = network.layer(network.layers.at(-1).inputs[0]);
  if (layer.kind === 'flatten') layer = network.layer(layer.inputs[0]);
  const { values } = activations.get(layer.name);
  const channels = layer.shape.at(-1);
  const means = new Float32Array(channels);
  for (let at = 0; at < values.length; at += 1) means[at % channels] += values[at];
  return means.map((sum) => (sum * channels) / values.length);
}

/**
 * Fetch a map once.
 * @param {string} address of a `map.json`; empty where the network has no map
 * @returns {Promise<DigitMap|null>}
 */
export function loadMap(address) {
  if (!address) return Promise.resolve(null);
  if (!loaded.has(address)) {
    const loading = fetchMap(address);
    loaded.set(address, loading);
    loading.catch(() => loaded.delete(address)); // the next one to ask tries again
  }
  return loaded.get(address);
}

/**
 * For the worker: where a frame lies.
 * @returns {Promise<{place, tests, training, far: boolean}|null>} null without a map
 */
export async function locate(network, frame, address) {
  const map = await loadMap(address);
  if (!map) return null;
  const point = map.project(featuresOf(network, network.forward(frame)));
  const training = map.nearestTraining(point);
  return { place: map.place(point), tests: map.nearestTest(point), training, far: training[0].distance > map.far };
}

/**
 * For the worker: how far a frame is from the nearest training example; 1 is usual.
 * @returns {Promise<{distance: number, far: number, label: number, usual: 1}|null>} null without a map
 */
export async function distanceOf(network, frame, address) {
  const map = await loadMap(address);
  if (!map) return null;
  const [{ distance, label }] = map.nearestTraining(map.project(featuresOf(network, network.forward(frame))), 1);
  return { distance, far: map.far, label, usual: 1 };
}

/** How many of the neighbours have each label, most first: `[{label, count}]`. */
export function votes(neighbours) {
  const counts = new Map();
  for (const { label } of neighbours) counts.set(label, (counts.get(label) ?? 0) + 1);
  return [...counts].map(([label, count]) => ({ label, count })).sort((one, other) => other.count - one.count);
}

async function fetchMap(address) {
  const about = await (await fetched(address)).json();
  return new DigitMap(about, await (await fetched(about.numbers)).arrayBuffer());
}
