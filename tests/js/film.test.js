import assert from 'node:assert/strict';
import test from 'node:test';

import { answersTo, bestOf, curvePoints, fractionOf, largestWeight } from '../../src/digitlens/web/static/js/lens/film.js';

test('the right answer comes first, the others by how often they were given', () => {
  const confusion = Array.from({ length: 11 }, () => new Array(11).fill(0));
  confusion[3][5] = 6;
  confusion[3][8] = 14;
  assert.deepEqual(answersTo({ confusion }, 3), [
    { answer: 3, count: 0, share: 0, right: true },
    { answer: 8, count: 14, share: 0.7, right: false },
    { answer: 5, count: 6, share: 0.3, right: false },
  ]);
  assert.deepEqual(answersTo({ confusion }, 0), [{ answer: 0, count: 0, share: 0, right: true }]);
});

test('moments stand evenly, and what is beyond the box stays at its edge', () => {
  assert.deepEqual(curvePoints([0, 0.5, 2], 100, 50), [{ x: 0, y: 50 }, { x: 50, y: 25 }, { x: 100, y: 0 }]);
  assert.deepEqual(curvePoints([1], 100, 50), [{ x: 0, y: 0 }]);
});

test('the most probable answer', () => {
  assert.deepEqual(bestOf([0.1, 0.7, 0.2]), { answer: 1, probability: 0.7 });
});

test('the largest weight of all moments, whatever its sign', () => {
  assert.equal(largestWeight([{ kernels: [[[0.1, -0.9]]] }, { kernels: [[[0.4, 0.2]]] }]), 0.9);
  assert.equal(largestWeight([{ kernels: [] }]), 0);
});

test('parts of the first epoch are fractions', () => {
  assert.deepEqual([0, 0.0156, 0.0625, 0.25, 1, 10].map(fractionOf), ['0', '1/64', '1/16', '1/4', '1', '10']);
});
