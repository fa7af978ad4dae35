import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import test from 'node:test';

import { DigitMap, featuresOf, votes } from '../../src/digitlens/web/static/js/lens/neighbours.js';

const MODEL = new URL('../../src/digitlens/model/', import.meta.url);

/** A map of three features and two directions: four test digits, then three training examples. */
function smallMap() {
  const arrays = {
    mean: Float32Array.of(1, 1, 1),
    directions: Float32Array.of(1, 0, 0, 0, 2, 0),
    steps: Float32Array.of(0.5, 1),
    places: Uint16Array.of(0, 0, 65535, 0, 0, 65535, 65535, 65535),
    codes: Int8Array.of(0, 0, 20, 0, 0, 10, 20, 10, 0, 1, 20, 1, 2, 0),
    labels: Uint8Array.of(1, 2, 3, 3, 1, 2, 10),
  };
  const shapes = { mean: [3], directions: [2, 3], steps: [2], places: [4, 2], codes: [7, 2], labels: [7] };
  const bytes = Object.values(arrays).flatMap((array) => [...new Uint8Array(array.buffer)]);
  return new DigitMap({ arrays: shapes, test: 4, training: 3, far: 3 }, Uint8Array.from(bytes).buffer);
}

test('features are projected after their mean is taken off', () => {
  assert.deepEqual([...smallMap().project([3, 4, 9])], [2, 6]);
});

test('the nearest come first, of the test and of the training on their own', () => {
  const map = smallMap();
  assert.deepEqual(map.nearestTest([1, 0], 2), [{ index: 0, label: 1, distance: 1 }, { index: 1, label: 2, distance: 9 }]);
  assert.deepEqual(map.nearestTraining([1, 0], 2).map(({ index, label }) => [index, label]), [[6, 10], [4, 1]]);
  assert.equal(map.nearestTraining([0, 0], 99).length, 3);
});

test('a digit of the test stands where it stands, another one between its neighbours', () => {
  const map = smallMap();
  const { x, y } = map.place([10, 0]);
  assert.ok(x > 0.99 && y < 0.01);
  const between = map.place([5, 5]);
  assert.ok(Math.abs(between.x - 0.5) < 1e-6 && Math.abs(between.y - 0.5) < 1e-6);
});

test('votes are counted, most first', () => {
  assert.deepEqual(votes([{ label: 3 }, { label: 8 }, { label: 3 }]), [{ label: 3, count: 2 }, { label: 8, count: 1 }]);
});

test('features are the means of the maps before the last layer, with or without a flatten between', () => {
  const layers = [{ name: 'maps', shape: [1, 2, 2] }, { name: 'flatten', kind: 'flatten', inputs: ['maps'] }, { name: 'logits', inputs: ['flatten'] }];
  const network = { layers, layer: (name) => layers.find((layer) => layer.name === name) };
  const activations = new Map([['maps', { values: Float32Array.of(1, 10, 3, 30) }]]);
  assert.deepEqual([...featuresOf(network, activations)], [2, 20]);
  layers[2].inputs = ['maps'];
  assert.deepEqual([...featuresOf(network, activations)], [2, 20]);
  layers[0].shape = [4];
  assert.deepEqual([...featuresOf(network, activations)], [1, 10, 3, 30]);
});

test('in the map that ships, training examples of a digit lie nearest to its test digits', async () => {
  const about = JSON.parse(await readFile(new URL('map.json', MODEL), 'utf-8'));
  const content = await readFile(new URL('map.bin', MODEL));
  const map = new DigitMap(about, content.buffer.slice(content.byteOffset, content.byteOffset + content.length));
  assert.equal(map.labels.length, about.test + about.training);
  let right = 0;
  for (let index = 0; index < 200; index += 1) {
    const point = map.points.subarray(index * map.size, (index + 1) * map.size);
    assert.equal(map.nearestTest(point, 1)[0].index, index);
    right += map.nearestTraining(point, 1)[0].label === map.labels[index];
  }
  assert.ok(right >= 195, `${right} of 200`);
});
