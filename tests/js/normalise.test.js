import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';

import { normalise, quantised } from '../../src/digitlens/web/static/js/device/normalise.js';
import { roundHalfEven } from '../../src/digitlens/web/static/js/device/resample.js';

const vectors = JSON.parse(readFileSync(new URL('./normalise-vectors.json', import.meta.url), 'utf8'));

test('a frame is what Python makes of the same ink, within one grey value', () => {
  for (const { width, height, ink, frame } of vectors) {
    const made = normalise(Float32Array.from(ink, (value) => value / 255), width, height);
    assert.equal(made.length, 784);
    made.forEach((value, place) => assert.ok(Math.abs(255 * value - frame[place]) <= 1, `${width} x ${height}, pixel ${place}`));
  }
});

test('no ink gives an empty frame', () => {
  assert.ok(normalise(new Float32Array(12), 4, 3).every((value) => value === 0));
});

test('a quantised frame holds multiples of 1/255', () => {
  const frame = quantised(normalise(Float32Array.of(0.2, 1, 0.4, 0.9, 0.3, 1), 3, 2));
  assert.ok(frame.every((value) => Math.abs(255 * value - Math.round(255 * value)) < 1e-4));
  assert.equal(Math.max(...frame), 1);
});

test('halves are rounded to the even number, as Python rounds them', () => {
  assert.deepEqual([0.5, 1.5, 2.5, -0.5, 2.4, 2.6].map(roundHalfEven).map((value) => value + 0), [0, 2, 2, 0, 2, 3]);
});
