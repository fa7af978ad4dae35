import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Network } from '../../src/digitlens/web/static/js/lens/network.js';
import { sizeOf } from '../../src/digitlens/web/static/js/lens/layer-words.js';
import { explainUnit, usersOf, valueAt } from '../../src/digitlens/web/static/js/lens/unit.js';

/** A small network with every kind of layer, weights from a fixed formula, on a frame of 28 x 28. */
function everyKind() {
  const numbers = [];
  const weights = (...shape) => {
    const entry = { offset: 4 * numbers.length, shape, dtype: 'float32' };
    const count = shape.reduce((product, side) => product * side, 1);
    for (let at = 0; at < count; at += 1) numbers.push(Math.sin(1 + 1.7 * numbers.length) / 2);
    return entry;
  };
  const layer = (name, kind, inputs, shape, more = {}) => ({
    name, kind, inputs, shape, activation: null, alpha: null, strides: null, padding: null, pool: null, kernel: null, bias: null, ...more,
  });
  const layers = [
    layer('frame', 'input', [], [28, 28, 1]),
    layer('strided', 'convolution', ['frame'], [14, 14, 2], { kernel: weights(2, 3, 3, 1), bias: weights(2), strides: [2, 2], padding: 'same', activation: 'relu' }),
    layer('largest', 'max_pool', ['strided'], [7, 7, 2], { pool: [2, 2], strides: [2, 2], padding: 'valid' }),
    layer('each', 'depthwise', ['largest'], [7, 7, 4], { kernel: weights(1, 3, 3, 4), bias: weights(4), strides: [1, 1], padding: 'same', activation: 'tanh' }),
    layer('mixed', 'convolution', ['each'], [5, 5, 4], { kernel: weights(4, 3, 3, 4), bias: weights(4), strides: [1, 1], padding: 'valid' }),
    layer('wide', 'convolution', ['mixed'], [5, 5, 4], { kernel: weights(4, 1, 1, 4), bias: weights(4), strides: [1, 1], padding: 'same' }),
    layer('both', 'add', ['mixed', 'wide'], [5, 5, 4], { activation: 'relu' }),
    layer('times', 'scale', ['both'], [5, 5, 4], { kernel: weights(4), bias: weights(4) }),
    layer('bent', 'activation', ['times'], [5, 5, 4], { activation: 'sigmoid' }),
    layer('averaged', 'average_pool', ['bent'], [3, 3, 4], { pool: [2, 2], strides: [2, 2], padding: 'same' }),
    layer('row', 'flatten', ['averaged'], [36]),
    layer('scores', 'dense', ['row'], [11], { kernel: weights(11, 36), bias: weights(11) }),
  ];
  const description = { layers, temperature: 1, labels: [], unsupported: null };
  return Network.of(description, new Float32Array(numbers).buffer);
}

const frame = Float32Array.from({ length: 784 }, (_, place) => Math.max(0, Math.round(255 * Math.sin(place / 9)) / 255));

function* placesOf({ shape }) {
  const { height, width, channels } = sizeOf(shape);
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      for (let channel = 0; channel < channels; channel += 1) yield { row, column, channel };
    }
  }
}

const cellsOf = (unit) => unit.cells ?? unit.groups?.flatMap((group) => group.cells) ?? [];
const keyOf = ({ row, column, channel }) => `${row} ${column} ${channel}`;

test('every unit of every kind of layer is explained by numbers that give its value', () => {
  const network = everyKind();
  const activations = network.forward(frame);
  for (const layer of network.layers) {
    for (const place of placesOf(layer)) {
      const unit = explainUnit(network, activations, layer.name, place);
      assert.equal(unit.value, valueAt(activations.get(layer.name), place));
      if (unit.kind === 'choice') assert.equal(unit.value, Math.max(...unit.cells.map(({ input }) => input)));
      if (unit.kind === 'mean') assert.ok(Math.abs(unit.value - unit.cells.reduce((sum, { input }) => sum + input, 0) / unit.cells.length) < 1e-6);
      if (unit.kind !== 'sum') continue;
      assert.ok(Math.abs(unit.before - valueAt({ ...activations.get(layer.name), values: activations.get(layer.name).before }, place)) < 1e-5, `${layer.name} ${keyOf(place)}`);
      for (const group of unit.groups) {
        for (const cell of group.cells) {
          assert.equal(cell.input, cell.place ? valueAt(activations.get(group.from), cell.place) : 0);
        }
      }
    }
  }
});

test('a unit is used by exactly those units whose sums name it', () => {
  const network = everyKind();
  const activations = network.forward(frame);
  for (const layer of network.layers.slice(1)) {
    for (const from of new Set(layer.inputs)) {
      const named = new Map();
      for (const place of placesOf(layer)) {
        const unit = explainUnit(network, activations, layer.name, place);
        const cells = unit.groups ? unit.groups.filter((group) => group.from === from).flatMap((group) => group.cells) : cellsOf(unit);
        for (const cell of cells) {
          if (!cell.place) continue;
          const key = keyOf(cell.place);
          const product = unit.kind === 'sum' ? cell.product.toFixed(9) : '';
          named.set(key, [...(named.get(key) ?? []), `${keyOf(place)} ${product}`]);
        }
      }
      for (const place of placesOf(network.layer(from))) {
        const users = usersOf(network, activations, from, place, Infinity).find((use) => use.layer === layer.name);
        const isSum = !['max_pool', 'average_pool'].includes(layer.kind);
        assert.deepEqual(users.strongest.map((use) => `${keyOf(use.place)} ${isSum ? use.product.toFixed(9) : ''}`).sort(), (named.get(keyOf(place)) ?? []).sort(), `${from} ${keyOf(place)} in ${layer.name}`);
      }
    }
  }
});

test('a pooled unit moves what it was chosen for, and a mean by its part', () => {
  const network = everyKind();
  const activations = network.forward(frame);
  for (const [name, layer] of [['strided', 'largest'], ['bent', 'averaged']]) {
    const totals = new Map();
    for (const place of placesOf(network.layer(name))) {
      for (const { place: to, product } of usersOf(network, activations, name, place, Infinity)[0].strongest) {
        totals.set(keyOf(to), [...(totals.get(keyOf(to)) ?? []), product]);
      }
    }
    for (const place of placesOf(network.layer(layer))) {
      const products = totals.get(keyOf(place));
      const whole = layer === 'largest' ? Math.max(...products) : products.reduce((sum, product) => sum + product, 0);
      assert.ok(Math.abs(whole - valueAt(activations.get(layer), place)) < 1e-6);
    }
  }
});

test('terms come with the strongest channel first', () => {
  const network = everyKind();
  const { groups } = explainUnit(network, network.forward(frame), 'mixed', { row: 2, column: 2, channel: 1 });
  const sizes = groups.map(({ sum }) => Math.abs(sum));
  assert.deepEqual(sizes, [...sizes].sort((one, other) => other - one));
});
