import assert from 'node:assert/strict';
import { test } from 'node:test';

import { changed, emptyHistory, mapped, redo, undo } from '../../src/digitlens/web/static/js/history.js';

const afterThree = () => ['a', 'b', 'c'].reduce((history, name) => changed(history, [...history.present, name]), emptyHistory());

test('undo takes back one stroke after the other, redo brings them again', () => {
  const once = undo(afterThree());
  assert.deepEqual(once.present, ['a', 'b']);
  const twice = undo(once);
  assert.deepEqual(twice.present, ['a']);
  assert.deepEqual(redo(redo(twice)).present, ['a', 'b', 'c']);
});

test('undo after a clear brings everything back', () => {
  assert.deepEqual(undo(changed(afterThree(), [])).present, ['a', 'b', 'c']);
});

test('a new stroke forgets what was undone', () => {
  const history = changed(undo(afterThree()), ['a', 'b', 'd']);
  assert.equal(redo(history), history);
});

test('undo and redo at the ends change nothing', () => {
  const empty = emptyHistory();
  assert.equal(undo(empty), empty);
  const full = afterThree();
  assert.equal(redo(full), full);
});

test('a change of all snapshots also holds for those that undo brings back', () => {
  const loud = mapped(undo(afterThree()), (strokes) => strokes.map((name) => name.toUpperCase()));
  assert.deepEqual(loud.present, ['A', 'B']);
  assert.deepEqual(undo(loud).present, ['A']);
  assert.deepEqual(redo(loud).present, ['A', 'B', 'C']);
});

test('a history does not share its array with the pad, which goes on writing into its own', () => {
  const strokes = ['a'];
  const history = changed(emptyHistory(), strokes);
  strokes.push('b');
  assert.deepEqual(history.present, ['a']);
});
