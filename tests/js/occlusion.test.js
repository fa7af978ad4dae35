import assert from 'node:assert/strict';
import { test } from 'node:test';

import { byRegion, coverEach, dropsOf, inkBox, regionOf, scoreOf, weightsOf } from '../../src/digitlens/web/static/js/lens/occlusion.js';

const SIDE = 28;
const frame = Float32Array.from({ length: 784 }, (_, place) => Number(place % SIDE === 14 && place >= 5 * SIDE && place < 23 * SIDE));
const linear = async (given) => ({ logits: [given.reduce((sum, value, place) => sum + (place < 14 * SIDE ? value : -value), 0), 0] });

test('the score of a linear reader falls by what the square held, the mean of all squares over a pixel', async () => {
  const drops = dropsOf(await coverEach(frame, 0, linear), [1, 0]);
  assert.equal(drops[9 * SIDE + 14], 5, 'every square over the stroke held five pixels of it');
  assert.equal(drops[9 * SIDE + 15], 4, 'one column of squares in five misses the stroke');
  assert.equal(drops[9 * SIDE + 19], 0);
  assert.equal(drops[18 * SIDE + 14], -5);
});

test('covering with ink counts the empty pixels', async () => {
  const drops = dropsOf(await coverEach(frame, 1, linear), [1, 0]);
  assert.equal(drops[9 * SIDE + 14], -20);
  assert.equal(drops[0], -25);
});

test('squares that change nothing are not asked for', async () => {
  let asked = 0;
  await coverEach(new Float32Array(784), 0, async () => { asked += 1; return { logits: [0] }; });
  assert.equal(asked, 1);
});

test('the weights of a class rather than others sum to nothing', () => {
  assert.ok(Math.abs(weightsOf(3).reduce((sum, weight) => sum + weight)) < 1e-12);
  assert.deepEqual(weightsOf(1, 2, 3), [0, 1, -1]);
  assert.equal(scoreOf([5, 3, 1], weightsOf(1, 2, 3)), 2);
});

test('parts of the digit are thirds of its box', () => {
  const box = inkBox(frame);
  assert.deepEqual(box, { left: 14, top: 5, right: 15, bottom: 23 });
  assert.equal(regionOf(5, 14, box), 1);
  assert.equal(regionOf(22, 14, box), 7);
  assert.equal(regionOf(0, 0, box), 0);
  const regions = byRegion(frame, frame);
  assert.deepEqual(regions.map(({ sum }) => sum), [0, 6, 0, 0, 6, 0, 0, 6, 0]);
  assert.equal(byRegion(new Float32Array(784), frame), null);
});
