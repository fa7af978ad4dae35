// The arithmetic of one unit, term by term. Pure. A place is {row, column, channel}; layers that are no pictures have
// one row and one column. Values lie [row][column][channel], channel fastest.

import { sizeOf } from './layer-words.js';

/** What a unit answered. */
export function valueAt({ values, shape }, { row, column, channel }) {
  const { width, channels } = sizeOf(shape);
  return values[(row * width + column) * channels + channel];
}

/**
 * How a unit came to its value.
 * @param {Network} network
 * @param {Map<string, {values: Float32Array, before: Float32Array, shape: number[]}>} activations of one frame
 * @param {string} name of the layer
 * @returns {object} `{kind: 'input', value}`, `{kind: 'choice' | 'mean', cells, value}`, or
 *   `{kind: 'sum', groups, bias, before, activation, value}`. A group is all terms from one channel below, the strongest
 *   first: `{from, channel, sum, cells, rows, columns}`; a cell is `{place, input, weight, product}`, its `place` null
 *   in the padding. `from` names the layer below. `before` is the sum, `value` what the activation makes of it.
 */
export function explainUnit(network, activations, name, place) {
  const layer = network.layer(name);
  const value = valueAt(activations.get(name), place);
  if (layer.kind === 'input') return { kind: 'input', value };
  const below = layer.inputs.map((from) => ({ from, ...activations.get(from) }));
  if (layer.kind === 'max_pool' || layer.kind === 'average_pool' || layer.kind === 'mean') {
    const cells = windowCells(layer, below[0], place).filter((cell) => cell.place !== null);
    return { kind: layer.kind === 'max_pool' ? 'choice' : 'mean', from: below[0].from, cells, value };
  }
  const groups = groupsOf(layer, below, place).sort((one, other) => Math.abs(other.sum) - Math.abs(one.sum));
  const bias = biasOf(layer, place);
  const before = groups.reduce((sum, group) => sum + group.sum, bias ?? 0);
  return { kind: 'sum', groups, bias, before, activation: layer.activation, value };
}

/**
 * Who uses this unit: for each layer that reads it, how many units do, and the ones that it moves most.
 * @returns {{layer: string, count: number, strongest: {place: object, weight: number, product: number}[]}[]}
 */
export function usersOf(network, activations, name, place, most = 5) {
  const value = valueAt(activations.get(name), place);
  return network.layers.filter(({ inputs }) => inputs.includes(name)).map((layer) => {
    const weigh = (use) => (layer.kernelShape ? use.weight : shareOf(explainUnit(network, activations, layer.name, use.place), value));
    const uses = usesIn(layer, activations.get(name).shape, place).map((use) => ({ ...use, product: weigh(use) * value }));
    const strongest = uses.sort((one, other) => Math.abs(other.product) - Math.abs(one.product)).slice(0, most);
    return { layer: layer.name, count: uses.length, strongest };
  });
}

/** The weight of an input where there is no kernel: of a mean its part, of a choice all or nothing, else all. */
function shareOf({ kind, cells, value }, input) {
  if (kind === 'mean') return 1 / cells.length;
  return kind === 'choice' && input !== value ? 0 : 1;
}

/** Rows and columns that a window covers at an output place, with the padding of TensorFlow's "same". */
function windowOf(layer, { shape }, { row, column }) {
  const input = sizeOf(shape);
  if (layer.kind === 'mean') return { top: 0, left: 0, rows: input.height, columns: input.width };
  const output = sizeOf(layer.shape);
  const [rows, columns] = layer.pool ?? layer.kernelShape;
  const [down, across] = layer.strides ?? [1, 1];
  const pad = (outSide, inSide, step, side) =>
    (layer.padding === 'same' ? Math.floor(Math.max((outSide - 1) * step + side - inSide, 0) / 2) : 0);
  return {
    top: row * down - pad(output.height, input.height, down, rows),
    left: column * across - pad(output.width, input.width, across, columns),
    rows, columns, down, across,
  };
}

/** The inputs of one channel under a window; `weigh` gives the weight of a cell. */
function windowCells(layer, below, place, channel = place.channel, weigh = () => 1) {
  const { height, width } = sizeOf(below.shape);
  const { top, left, rows, columns } = windowOf(layer, below, place);
  return Array.from({ length: rows * columns }, (_, index) => {
    const down = Math.floor(index / columns);
    const across = index % columns;
    const [row, column] = [top + down, left + across];
    const isInside = row >= 0 && row < height && column >= 0 && column < width;
    const source = isInside ? { row, column, channel } : null;
    const input = source ? valueAt(below, source) : 0;
    const weight = weigh(down, across);
    return { place: source, input, weight, product: input * weight };
  });
}

const groupOf = (from, channel, cells, rows = 1, columns = cells.length) =>
  ({ from, channel, cells, rows, columns, sum: cells.reduce((sum, cell) => sum + cell.product, 0) });

const GROUPS = {
  convolution(layer, [below], place) {
    const [rows, columns, inputs, outputs] = layer.kernelShape;
    const { kernel } = layer.weights;
    return Array.from({ length: inputs }, (_, channel) => groupOf(below.from, channel, windowCells(layer, below, place, channel,
      (down, across) => kernel[((down * columns + across) * inputs + channel) * outputs + place.channel]), rows, columns));
  },
  depthwise(layer, [below], place) {
    const [rows, columns, outputs] = layer.kernelShape;
    const channel = Math.floor(place.channel / (outputs / sizeOf(below.shape).channels));
    return [groupOf(below.from, channel, windowCells(layer, below, place, channel,
      (down, across) => layer.weights.kernel[(down * columns + across) * outputs + place.channel]), rows, columns)];
  },
  dense(layer, [below], place) {
    const [inputs, outputs] = layer.kernelShape;
    return Array.from({ length: inputs }, (_, index) => {
      const weight = layer.weights.kernel[index * outputs + place.channel];
      const input = below.values[index];
      return groupOf(below.from, index, [{ place: { row: 0, column: 0, channel: index }, input, weight, product: input * weight }]);
    });
  },
  flatten(layer, [below], { channel: index }) {
    const { width, channels } = sizeOf(below.shape);
    const spot = Math.floor(index / channels);
    return [copyOf(below, { row: Math.floor(spot / width), column: spot % width, channel: index % channels })];
  },
  scale(layer, [below], place) {
    return [copyOf(below, place, scaleOf(layer, place))];
  },
};

/** Layers that add up, or hand on, the values at the same place. */
const groupsOf = (layer, below, place) =>
  (GROUPS[layer.kind] ?? ((_, inputs) => inputs.map((input) => copyOf(input, place))))(layer, below, place);

function copyOf(below, place, weight = 1) {
  const input = valueAt(below, place);
  return groupOf(below.from, place.channel, [{ place, input, weight, product: input * weight }]);
}

function scaleOf({ weights: { kernel } }, { channel }) {
  return kernel ? kernel[kernel.length === 1 ? 0 : channel] : 1;
}

function biasOf({ weights }, { channel }) {
  const bias = weights?.bias;
  return bias ? bias[bias.length === 1 ? 0 : channel] : null;
}

/** Every unit of a layer that reads this one, with the weight by which it does. */
function usesIn(layer, shape, place) {
  const output = sizeOf(layer.shape);
  if (layer.kind === 'flatten') {
    const { width, channels } = sizeOf(shape);
    return [{ place: { row: 0, column: 0, channel: (place.row * width + place.column) * channels + place.channel }, weight: 1 }];
  }
  if (layer.kind === 'dense') {
    return Array.from({ length: output.channels }, (_, channel) =>
      ({ place: { row: 0, column: 0, channel }, weight: layer.weights.kernel[place.channel * output.channels + channel] }));
  }
  if (layer.kind === 'mean') return [{ place: { row: 0, column: 0, channel: place.channel }, weight: 1 }];
  if (layer.kind === 'scale') return [{ place, weight: scaleOf(layer, place) }];
  if (!layer.pool && !layer.kernelShape) return [{ place, weight: 1 }];
  return windowUses(layer, shape, place, output);
}

function windowUses(layer, shape, place, output) {
  const { rows, columns, down, across } = windowOf(layer, { shape }, { row: 0, column: 0 });
  const uses = [];
  for (let row = Math.max(0, Math.floor((place.row - rows) / down)); row < Math.min(output.height, place.row + rows); row += 1) {
    for (let column = Math.max(0, Math.floor((place.column - columns) / across)); column < Math.min(output.width, place.column + columns); column += 1) {
      const { top, left } = windowOf(layer, { shape }, { row, column });
      const [i, j] = [place.row - top, place.column - left];
      if (i < 0 || i >= rows || j < 0 || j >= columns) continue;
      for (const { channel, weight } of weightsAt(layer, sizeOf(shape).channels, [i, j], place.channel)) uses.push({ place: { row, column, channel }, weight });
    }
  }
  return uses;
}

function weightsAt(layer, inputs, [i, j], from) {
  if (layer.pool) return [{ channel: from, weight: 1 }];
  const { kernel } = layer.weights;
  const columns = layer.kernelShape[1];
  const outputs = layer.kernelShape.at(-1);
  if (layer.kind === 'depthwise') {
    const many = outputs / inputs;
    return Array.from({ length: many }, (_, copy) =>
      ({ channel: from * many + copy, weight: kernel[(i * columns + j) * outputs + from * many + copy] }));
  }
  const start = ((i * columns + j) * inputs + from) * outputs;
  return Array.from({ length: outputs }, (_, channel) => ({ channel, weight: kernel[start + channel] }));
}
