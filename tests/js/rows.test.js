import assert from 'node:assert/strict';
import test from 'node:test';

import { median } from '../../src/digitlens/web/static/js/device/median.js';
import { orderRows, strokesAmong, textOf } from '../../src/digitlens/web/static/js/device/rows.js';

const digit = (value, ...box) => ({ value, box, frame: new Float32Array(784) });
const rowsOf = (...digits) => orderRows(digits).map((row) => row.map(({ value }) => value));

test('digits stand in rows from top to bottom, each from left to right', () => {
  assert.deepEqual(rowsOf(digit(2, 50, 12, 10, 20), digit(1, 0, 10, 10, 20), digit(3, 3, 60, 10, 20)), [[1, 2], [3]]);
});

test('an exponent belongs to the row that it hangs above', () => {
  const base = [digit(0, 0, 100, 40, 60), digit(1, 60, 100, 40, 60), digit(2, 240, 104, 40, 58)];
  assert.deepEqual(rowsOf(...base, digit(3, 104, 60, 24, 26)), [[0, 1, 3, 2]]);
});

test('the raised digit of a fraction belongs to its row', () => {
  assert.deepEqual(rowsOf(digit(6, 0, 48, 58, 68), digit(1, 112, 1, 22, 50), digit(2, 150, 80, 54, 62)), [[6, 1, 2]]);
});

test('a digit over a column or a line further up is a row of its own', () => {
  const carry = digit(2, 30, 22, 12, 14);
  assert.deepEqual(rowsOf(digit(0, 0, 40, 20, 30), digit(1, 30, 40, 20, 30), carry), [[2], [0, 1]]);
  const staggered = [digit(0, 0, 60, 20, 30), digit(1, 60, 60, 20, 30), digit(2, 30, 10, 20, 30)];
  assert.deepEqual(rowsOf(...staggered), [[2], [0, 1]]);
});

test('no digits have no rows', () => {
  assert.deepEqual(rowsOf(), []);
});

test('a wide gap is a space, and a mark that is no digit keeps its neighbours apart', () => {
  const row = [digit(4, 0, 0, 10, 20), digit(0, 14, 0, 10, 20), digit(7, 70, 0, 10, 20)];
  assert.equal(textOf(row, []), '40 7');
  assert.equal(textOf([digit(1, 0, 0, 10, 20), digit(2, 24, 0, 10, 20)], [[12, 5, 10, 10]]), '1 2');
});

test('an exponent and the digits of a fraction are kept apart', () => {
  assert.equal(textOf([digit(2, 0, 40, 40, 60), digit(3, 44, 26, 24, 28)], []), '2 3');
  assert.equal(textOf([digit(6, 0, 40, 40, 64), digit(1, 48, 38, 16, 30), digit(2, 66, 70, 26, 34)], []), '6 1 2');
});

test('digits of a number that climbs are not kept apart', () => {
  const climbing = [0, 1, 2, 3, 4, 5].map((k) => digit(k, 24 * k, 100 - 10 * k, 20, 30));
  assert.equal(textOf(climbing, []), '012345');
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
