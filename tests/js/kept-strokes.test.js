import assert from 'node:assert/strict';
import test from 'node:test';

import { keepStrokes, keptStrokes } from '../../src/digitlens/web/static/js/kept-strokes.js';

const SIZE = { width: 600, height: 240 };
const stroke = { minWidth: 2, maxWidth: 3.2, points: [{ x: 1.5, y: 2 }] };

function memory() {
  const values = new Map();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => values.set(key, value),
    removeItem: (key) => values.delete(key),
    values,
  };
}

test('strokes come back with the size of their pad, and an empty pad keeps nothing', () => {
  const storage = memory();
  assert.equal(keptStrokes(storage), null);
  keepStrokes([stroke], SIZE, storage);
  assert.deepEqual(keptStrokes(storage), { strokes: [stroke], ...SIZE });
  keepStrokes([], SIZE, storage);
  assert.equal(storage.values.size, 0);
});

test('what is no drawing is not taken for one', () => {
  for (const value of ['null', '{', '[]', '{"strokes":[{}],"width":6,"height":2}', '{"strokes":[{"points":[{"x":"a","y":1}]}],"width":6,"height":2}']) {
    const storage = memory();
    storage.setItem('digitlens.pad', value);
    assert.equal(keptStrokes(storage), null);
  }
});

test('a browser without storage draws all the same', () => {
  const broken = { getItem: () => { throw new Error('no'); }, setItem: () => { throw new Error('full'); }, removeItem() {} };
  keepStrokes([stroke], SIZE, broken);
  assert.equal(keptStrokes(broken), null);
});
