import assert from 'node:assert/strict';
import test from 'node:test';

import { afterKey, drawTo, emptyGrid, hasInk, isEmpty, lift } from '../../src/digitlens/web/static/js/grid.js';
import { SIDE } from '../../src/digitlens/web/static/js/lens/frames.js';

const press = (grid, ...keys) => keys.reduce((state, key) => afterKey(state, key), grid);
const cells = ({ ink }) => ink.reduce((sum, value) => sum + value, 0);

test('an arrow moves and leaves no ink, and stops at the edge', () => {
  const start = { ...emptyGrid(), row: 0, column: 1 };
  const moved = press(start, 'ArrowUp', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft');
  assert.deepEqual([moved.row, moved.column], [0, 0]);
  assert.ok(isEmpty(moved));
});

test('with Shift an arrow draws from where it was to where it goes', () => {
  const drawn = afterKey(emptyGrid(), 'ArrowDown', true);
  assert.equal(cells(drawn), 2);
  assert.ok(hasInk(drawn));
});

test('the pen down inks its cell and every cell it moves over, until it is lifted', () => {
  const drawn = press(emptyGrid(), 'p', 'ArrowRight', 'ArrowRight', 'P', 'ArrowRight');
  assert.equal(cells(drawn), 3);
  assert.ok(!hasInk(drawn));
});

test('Space and Enter change one cell and change it back', () => {
  assert.equal(cells(press(emptyGrid(), ' ')), 1);
  assert.equal(cells(press(emptyGrid(), 'Enter', ' ')), 0);
});

test('Delete clears the ink and keeps the place', () => {
  const cleared = press(lift(emptyGrid(), true), 'ArrowDown', 'Delete');
  assert.ok(isEmpty(cleared));
  assert.equal(cleared.row, emptyGrid().row + 1);
});

test('a key that means nothing here is left to the browser', () => {
  for (const key of ['Tab', 'Escape', 'a', 'F5']) assert.equal(afterKey(emptyGrid(), key), null);
});

test('a line has no holes, and a state is never changed in place', () => {
  const before = emptyGrid();
  const drawn = drawTo(before, SIDE - 1, 0);
  assert.ok(isEmpty(before));
  assert.equal(cells(drawn), SIDE - before.row); // one cell in each row: it is steeper than it is wide
});
