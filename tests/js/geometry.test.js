import assert from 'node:assert/strict';
import { test } from 'node:test';

import { fitScale, inkBounds, labelPlace, scaleStrokes, visibleBox, withLastPiece } from '../../src/digitlens/web/static/js/geometry.js';

const stroke = (...points) => ({ maxWidth: 2, penColor: '#000', points: points.map(([x, y]) => ({ x, y, time: 1 })) });

test('no strokes have no bounds', () => {
  assert.equal(inkBounds([]), null);
});

test('the bounds hold all strokes and the width of the pen', () => {
  const bounds = inkBounds([stroke([10, 20], [30, 15]), stroke([5, 40])]);
  assert.deepEqual(bounds, { left: 3, top: 13, right: 32, bottom: 42 });
});

const WIDE = { width: 400, height: 200 };

test('strokes that fit, and a pad that grew, need no scale', () => {
  const strokes = [stroke([10, 10], [90, 40])];
  assert.equal(fitScale(strokes, WIDE, { width: 100, height: 50 }), 1);
  assert.equal(fitScale(strokes, WIDE, { width: 900, height: 900 }), 1);
  assert.equal(fitScale([], WIDE, { width: 1, height: 1 }), 1);
  assert.equal(scaleStrokes(strokes, 1), strokes);
});

test('strokes of a pad that became smaller are scaled into it and keep their proportions', () => {
  const strokes = [stroke([100, 50], [398, 198])];
  const scale = fitScale(strokes, WIDE, { width: 200, height: 200 });
  assert.equal(scale, 0.5);
  const [fitted] = scaleStrokes(strokes, scale);
  assert.deepEqual(fitted.points.map(({ x, y }) => [x, y]), [[50, 25], [199, 99]]);
  assert.equal(fitted.penColor, '#000');
  assert.equal(fitted.points[0].time, 1);
  assert.deepEqual(strokes[0].points[0], { x: 100, y: 50, time: 1 }, 'the strokes themselves stay');
});

test('a stroke that ran over the edge of the pad does not make the others smaller', () => {
  assert.equal(fitScale([stroke([100, 50], [700, 600])], WIDE, WIDE), 1);
});

test('the last point of a stroke stands twice, that of a dot once', () => {
  assert.deepEqual(withLastPiece(stroke([1, 2], [3, 4])).points.map(({ x }) => x), [1, 3, 3]);
  assert.deepEqual(withLastPiece(stroke([1, 2])).points.map(({ x }) => x), [1]);
});

test('a label stands above its box, and below it at the upper edge', () => {
  const above = labelPlace([40, 100, 30, 50], 1);
  assert.ok(above.y < 100 && above.x === 40);
  const below = labelPlace([40, 2, 30, 50], 1);
  assert.ok(below.y > 52);
});

test('a label has the same size on the screen whatever the size of the picture', () => {
  assert.equal(labelPlace([0, 500, 300, 500], 0.1).size * 0.1, 15);
  assert.equal(labelPlace([0, 50, 30, 50], 1).size, 15);
});

test('a label of a tiny box stays readable', () => {
  assert.equal(labelPlace([0, 50, 3, 4], 1).size, 9);
});

test('a box is shown at least ten CSS pixels wide and high, around the same middle', () => {
  assert.deepEqual(visibleBox([100, 40, 12, 60], 0.5), [96, 40, 20, 60]);
  assert.deepEqual(visibleBox([100, 40, 30, 4], 1), [100, 37, 30, 10]);
  assert.deepEqual(visibleBox([100, 40, 30, 60], 1), [100, 40, 30, 60]);
});
