import assert from 'node:assert/strict';
import test from 'node:test';

import { median, orderRows, strokesAmong, textOf } from '../../src/digitlens/web/static/js/device/rows.js';

const digit = (value, ...box) => ({ value, box });

test('digits stand in rows from top to bottom, each from left to right', () => {
  const rows = orderRows([digit(2, 50, 12, 10, 20), digit(1, 0, 10, 10, 20), digit(3, 3, 60, 10, 20)]);
  assert.deepEqual(rows.map((row) => row.map(({ value }) => value)), [[1, 2], [3]]);
});

test('a wide gap is a space, and a mark that is no digit keeps its neighbours apart', () => {
  const row = [digit(4, 0, 0, 10, 20), digit(0, 14, 0, 10, 20), digit(7, 70, 0, 10, 20)];
  assert.equal(textOf(row, []), '40 7');
  assert.equal(textOf([digit(1, 0, 0, 10, 20), digit(2, 24, 0, 10, 20)], [[12, 5, 10, 10]]), '1 2');
});

test('a stroke far taller than its row is no 1', () => {
  const bracket = digit(1, 0, 0, 4, 60);
  assert.deepEqual(strokesAmong([bracket, digit(4, 10, 20, 10, 20), digit(1, 30, 20, 4, 22)]), [bracket]);
  assert.deepEqual(strokesAmong([bracket]), []);
});

test('the median of none is beyond everything', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([]), Infinity);
});
