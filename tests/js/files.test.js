import assert from 'node:assert/strict';
import { test } from 'node:test';

import { problemWith } from '../../src/digitlens/web/static/js/files.js';

const limits = { maxMb: 25, maxFiles: 3 };
const file = (name, size) => ({ name, size });

test('sound files pass, also at the very limit', () => {
  assert.equal(problemWith([file('a.png', 25_000_000), file('b.png', 1)], limits), null);
});

test('one bad file among several does not stop the others', () => {
  assert.equal(problemWith([file('a.png', 9), file('void.png', 0), file('big.tif', 31_000_000)], limits), null);
});

test('no file, too many, too large and empty are each told', () => {
  assert.match(problemWith([], limits).message, /No file/);
  assert.match(problemWith(Array(4).fill(file('a.png', 9)), limits).message, /4 files; at most 3/);
  assert.match(problemWith([file('big.tif', 31_000_000)], limits).message, /big\.tif has 31 MB.*25 MB/);
  assert.match(problemWith([file('void.png', 0)], limits).message, /void\.png is empty/);
});
