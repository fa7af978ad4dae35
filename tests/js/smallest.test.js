import assert from 'node:assert/strict';
import { test } from 'node:test';

import { around } from '../../src/digitlens/web/static/js/lens/doubts.js';
import { greatest, isConnected, judgeFor, paintOf, smallestMove, smallestStroke } from '../../src/digitlens/web/static/js/lens/smallest.js';
import { SIDE } from '../../src/digitlens/web/static/js/lens/frames.js';
import { atRest, changedBy, transform } from '../../src/digitlens/web/static/js/lens/transforms.js';

// A reader that can be computed by hand: class 0 for ink in the left half, class 1 for ink in the right half.
const halves = async (frame) => {
  const sums = [0, 0, 1];
  frame.forEach((value, place) => { sums[Number(place % SIDE >= 14)] += value; });
  const total = sums[0] + sums[1] + 1;
  return { logits: sums, probabilities: sums.map((sum) => sum / total) };
};
const left = Float32Array.from({ length: 784 }, (_, place) => {
  const [row, column] = [Math.floor(place / SIDE), place % SIDE];
  return Number(row >= 8 && row < 20 && column >= 9 && column < 12);
});

test('the greatest number, also without the first one', () => {
  assert.equal(greatest([1, 3, 2]), 1);
  assert.equal(greatest([5, 3, 2], 0), 1);
});

test('the smallest shift is found to the step of the slider', async () => {
  const judge = judgeFor(halves, 0, 1, null);
  const found = await smallestMove(left, 'shiftX', judge);
  assert.equal(found.value, 3.75, 'half of three columns beyond the middle and one step of a quarter more');
  assert.equal(found.answer, 1);
  assert.equal(greatest((await halves(found.frame)).logits), 1);
  const less = changedBy(left, 'shiftX', found.value - 0.25);
  assert.notEqual(greatest((await halves(less)).logits), 1);
});

test('what flips on both sides is found on the nearer one', async () => {
  const found = await smallestMove(left, 'turn', judgeFor(halves, 0, 1, null));
  assert.ok(Math.abs(found.value) <= 180 && found.answer === 1);
});

test('nothing is found where nothing within the range flips', async () => {
  assert.equal(await smallestMove(left, 'shiftY', judgeFor(halves, 0, 1, null)), null);
  const never = async () => ({ logits: [1, 0], probabilities: [0.7, 0.3] });
  assert.equal(await smallestStroke(left, 'erase', judgeFor(never, 0, null, null)), null);
});

for (const kind of ['erase', 'draw']) {
  test(`a patch to ${kind} is connected, flips the answer and needs each of its pixels`, async () => {
    const small = left.map((_, place) => Number(place >= 8 * SIDE && place < 12 * SIDE && place % SIDE >= 11 && place % SIDE < 14)); // 12 pixels
    const [from, wanted] = kind === 'erase' ? [0, 2] : [0, 1];
    const judge = judgeFor(halves, from, wanted, null);
    const found = await smallestStroke(small, kind, judge);
    assert.equal(found.answer, wanted);
    assert.ok(isConnected(found.pixels));
    const shown = transform(small, atRest(), paintOf(found.pixels, kind === 'erase' ? -1 : 1));
    assert.deepEqual(shown, found.frame, 'the sliders show the very frame that was judged');
    for (const place of found.pixels) {
      const rest = found.pixels.filter((other) => other !== place);
      if (!rest.length || !isConnected(rest)) continue;
      const changed = transform(small, atRest(), paintOf(rest, kind === 'erase' ? -1 : 1));
      assert.equal((await judge(changed)).flipped, false);
    }
  });
}

test('a search that is stopped ends with the reason', async () => {
  const stop = new AbortController();
  stop.abort(new Error('stopped'));
  await assert.rejects(smallestMove(left, 'turn', judgeFor(halves, 0, null, stop.signal)), /stopped/);
});

test('pixels that touch at a corner hang together, those with a gap do not', () => {
  assert.ok(isConnected([0, SIDE + 1]));
  assert.ok(!isConnected([0, 2]));
  assert.equal(around(0).length, 3);
});
