import assert from 'node:assert/strict';
import { test } from 'node:test';

import { measureFrame } from '../../src/digitlens/web/static/js/lens/doubts.js';
import { SIDE } from '../../src/digitlens/web/static/js/lens/frames.js';
import { RANGES, atRest, changedBy, dab, stroke, transform } from '../../src/digitlens/web/static/js/lens/transforms.js';

const at = (frame, row, column) => frame[row * SIDE + column];
const frameOf = (isInk) => Float32Array.from({ length: SIDE * SIDE }, (_, place) => Number(isInk(Math.floor(place / SIDE), place % SIDE)));
const bar = frameOf((row, column) => row >= 6 && row < 23 && column >= 13 && column < 16);
const sum = (frame) => frame.reduce((total, value) => total + value, 0);

test('at rest a frame stays itself, bit by bit', () => {
  const frame = Float32Array.from({ length: 784 }, (_, place) => (place % 256) / 255);
  assert.deepEqual(transform(frame, atRest()), frame);
});

test('every slider at every end gives multiples of 1/255 within [0, 1]', () => {
  for (const [name, { low, high }] of Object.entries(RANGES)) {
    for (const value of [low, high, low + 0.37 * (high - low)]) {
      for (const pixel of changedBy(bar, name, value)) {
        assert.ok(pixel >= 0 && pixel <= 1, name);
        assert.equal(pixel, Math.fround(Math.round(pixel * 255) / 255), name);
      }
    }
  }
});

test('a quarter turn to the right lays what was on top to the right', () => {
  const top = frameOf((row, column) => row === 4 && column === 14);
  const turned = changedBy(top, 'turn', 90);
  assert.equal(at(turned, 14, 24), 1);
  assert.ok(Math.abs(sum(turned) - 1) < 0.01);
});

test('a shift moves right and down by whole and half pixels', () => {
  assert.equal(at(changedBy(bar, 'shiftX', 3), 10, 18), 1);
  assert.equal(at(changedBy(bar, 'shiftX', 3), 10, 15), 0);
  assert.equal(at(changedBy(bar, 'shiftY', -4), 2, 14), 1);
  assert.ok(Math.abs(at(changedBy(bar, 'shiftX', 0.5), 10, 16) - 0.5) < 0.01);
});

test('the size and the slant change what they say', () => {
  const height = (frame) => frameRows(frame).length;
  assert.ok(Math.abs(height(changedBy(bar, 'scale', 50)) - 8.5) <= 1);
  const slanted = changedBy(bar, 'shear', 30);
  const middle = (row) => Array.from({ length: SIDE }, (_, column) => column * at(slanted, row, column)).reduce((a, b) => a + b)
    / Array.from({ length: SIDE }, (_, column) => at(slanted, row, column)).reduce((a, b) => a + b);
  assert.ok(Math.abs((middle(8) - middle(20)) - 12 * Math.tan(Math.PI / 6)) < 0.2, 'the top goes to the right');
});

const frameRows = (frame) => Array.from({ length: SIDE }, (_, row) => row).filter((row) => Math.max(...frame.subarray(row * SIDE, (row + 1) * SIDE)) > 0.5);

test('the stroke width grows and shrinks gradually: no step of the slider jumps', () => {
  const inks = [];
  for (let change = -3; change <= 4.01; change += 0.1) inks.push(sum(changedBy(bar, 'thickness', change)));
  const most = 0.1 * (2 * 17 + 2 * 3 + 4 * 5); // the outline, and what it gains at the corners, times the step
  inks.slice(1).forEach((ink, place) => {
    assert.ok(ink >= inks[place], 'it never shrinks when the slider grows');
    assert.ok(ink - inks[place] < most, `a jump of ${ink - inks[place]}`);
  });
  const width = (change) => measureFrame(changedBy(bar, 'thickness', change)).stroke_width;
  assert.ok(Math.abs(width(2) - width(0) - 1.5) < 0.5 && width(-1) < width(0));
});

test('strokes thinner than nothing are gone', () => {
  assert.equal(sum(changedBy(frameOf((row, column) => column === 14), 'thickness', -2)), 0);
});

test('ink that is cut off by the edge is not eaten from there', () => {
  const below = frameOf((row) => row >= 20);
  assert.equal(at(changedBy(below, 'thickness', -2), 27, 14), 1);
});

test('blur keeps the ink and softens the edge', () => {
  const soft = changedBy(bar, 'blur', 1);
  assert.ok(Math.abs(sum(soft) - sum(bar)) < 1);
  assert.ok(at(soft, 14, 12) > 0.1 && at(soft, 14, 14) < 1);
});

test('noise is the same for the same seed and another for another', () => {
  const noise = (seed) => transform(bar, { ...atRest(), noise: 30, seed });
  assert.deepEqual(noise(1), noise(1));
  assert.notDeepEqual(noise(1), noise(2));
  const grey = new Float32Array(784).fill(0.5);
  const noisy = transform(grey, { ...atRest(), noise: 10, seed: 3 });
  const deviation = Math.sqrt(noisy.reduce((total, value) => total + (value - 0.5) ** 2, 0) / 784);
  assert.ok(Math.abs(deviation - 0.1) < 0.01);
});

test('swapped twice is as before', () => {
  const swapped = transform(bar, { ...atRest(), inverted: true });
  assert.equal(at(swapped, 0, 0), 1);
  assert.deepEqual(transform(swapped, { ...atRest(), inverted: true }), bar);
});

test('the brush erases and draws where it was put, also over what it did before', () => {
  const paint = new Float32Array(784);
  dab(paint, 14.5, 10.5, 1.75, -1);
  assert.equal(at(transform(bar, atRest(), paint), 10, 14), 0);
  assert.equal(at(transform(bar, atRest(), paint), 15, 14), 1);
  dab(paint, 14.5, 10.5, 1.75, 1);
  assert.equal(at(transform(bar, atRest(), paint), 10, 14), 1);
});

test('a quick stroke of the brush leaves no gap', () => {
  const paint = new Float32Array(784);
  stroke(paint, { x: 2.5, y: 2.5 }, { x: 25.5, y: 25.5 }, 0.75, 1);
  for (let place = 3; place < 25; place += 1) assert.ok(paint[place * SIDE + place] > 0.9);
});

test('a brush beyond the edge changes what it reaches and nothing else', () => {
  const paint = new Float32Array(784);
  dab(paint, -1, 14, 1.75, 1);
  assert.ok(paint.some((value) => value > 0) && paint.every((value, place) => value === 0 || place % SIDE < 2));
});
