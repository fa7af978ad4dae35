import assert from 'node:assert/strict';
import test from 'node:test';

import { strokesAmong, textOf } from '../../src/digitlens/web/static/js/device/rows.js';
import { isPoint, leanOf, widthInPens } from '../../src/digitlens/web/static/js/device/signs.js';

/** A stroke of so many pixels' width that leans by `degrees`, in a frame. */
function stroke(degrees, width = 3) {
  const frame = new Float32Array(784);
  for (let at = 0; at < 784; at += 1) {
    const [x, y] = [(at % 28) - 14, 14 - Math.floor(at / 28)];
    const aside = x - y * Math.tan((degrees * Math.PI) / 180);
    if (Math.abs(y) <= 9 && Math.abs(aside) <= width / 2) frame[at] = 1;
  }
  return frame;
}

const digit = (value, left, degrees, width) => ({ value, box: [left, 0, 20, 40], frame: stroke(degrees, width) });

test('ink leans by the angle of its stroke', () => {
  for (const degrees of [-20, 0, 15, 40]) assert.ok(Math.abs(leanOf(stroke(degrees)) - degrees) < 2);
  assert.ok(Math.abs(leanOf(new Float32Array(784))) < 1e-9);
});

test('a straight stroke is about one pen wide', () => {
  assert.ok(Math.abs(widthInPens(stroke(0, 4)) - 1) < 0.15);
  const cross = stroke(0).map((ink, at) => Math.max(ink, Math.floor(at / 28) === 20 && at % 28 > 6 && at % 28 < 22 ? 1 : 0));
  assert.ok(widthInPens(cross) > 1.4);
  assert.equal(widthInPens(new Float32Array(784)), Infinity);
});

test('a 1 that leans much further than its neighbours is a slash, but not at an end or beside one gap', () => {
  const row = [digit(4, 0, 3), digit(1, 26, 45), digit(2, 52, 5)];
  assert.deepEqual(strokesAmong(row), [row[1]]);
  assert.deepEqual(strokesAmong([digit(4, 0, 35), digit(1, 26, 45), digit(2, 52, 35)]), []);
  assert.deepEqual(strokesAmong(row.slice(0, 2)), []);
  assert.deepEqual(strokesAmong([digit(4, 0, 3), digit(1, 80, 45), digit(2, 106, 5)]), []);
});

test('a point on the line keeps its neighbours apart, a speck above it does not', () => {
  const row = [digit(7, 0, 0), digit(1, 32, 0)];
  assert.equal(textOf(row, [[24, 36, 5, 5]]), '7 1');
  assert.equal(textOf(row, [[24, 10, 5, 5]]), '71');
  assert.ok(!isPoint(row[0].box, [24, 30, 16, 16], row[1].box));
});
