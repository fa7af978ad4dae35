import assert from 'node:assert/strict';
import test from 'node:test';

import { softmax } from '../../src/digitlens/web/static/js/answers.js';
import { createStrokeReader } from '../../src/digitlens/web/static/js/device/strokes.js';
import { canBeOne, clustersOf, markOf } from '../../src/digitlens/web/static/js/device/marks.js';
import { join, paintStroke } from '../../src/digitlens/web/static/js/device/paint.js';

const SIZE = { width: 600, height: 270 };
const PEN = { minWidth: 2, maxWidth: 3.2, dotSize: 3.4, velocityFilterWeight: 0.7 };
const stroke = (...places) => ({ ...PEN, points: places.map(([x, y], index) => ({ x, y, time: 1 + 16 * index })) });
const bar = (x, top = 50, height = 80) => stroke([x, top], [x, top + height / 2], [x, top + height], [x, top + height]);
const description = { temperature: 1, review_threshold: 0.95, version: 'test' };

/** A network of one rule, so that the grouping is what is tested: it says what `rule` says of the frame's ink. */
const readerOf = (rule) => {
  let asked = 0;
  const classify = async (frame) => {
    asked += 1;
    const logits = new Float32Array(11);
    logits[rule(frame)] = 12;
    return logits;
  };
  return { reader: createStrokeReader({ classify, description }), asked: () => asked };
};
const columns = (frame) => Array.from({ length: 28 }, (_, x) => x).filter((x) => Array.from({ length: 28 }, (_, y) => frame[28 * y + x]).some((value) => value > 0.5)).length;
const narrowIsOne = (frame) => (columns(frame) <= 6 ? 1 : 10);

test('an empty pad gives an empty reading', async () => {
  const { reader } = readerOf(narrowIsOne);
  assert.deepEqual(await reader.read([], SIZE), { text: '', lines: [], rejected: [], ...SIZE, model: 'test' });
});

test('strokes apart are digits of their own, in reading order whatever the order of writing', async () => {
  const { reader } = readerOf(narrowIsOne);
  const reading = await reader.read([bar(300), bar(100), bar(200)], SIZE);
  assert.equal(reading.text, '1 1 1');
  assert.deepEqual(reading.lines[0].digits.map(({ box }) => box[0]), [...reading.lines[0].digits.map(({ box }) => box[0])].sort((a, b) => a - b));
  const [digit] = reading.lines[0].digits;
  assert.equal(digit.value, 1);
  assert.ok(digit.confidence > 0.99 && !digit.doubtful);
  assert.equal(digit.alternatives.length, 3);
  assert.equal(digit.frame.length, 784);
});

test('strokes that read better together are one digit, and neighbours that do not are two', async () => {
  const cross = [bar(100), stroke([70, 90], [100, 90], [130, 90], [130, 90])];
  const wideIsFour = readerOf((frame) => (columns(frame) > 12 ? 4 : 10));
  assert.equal((await wideIsFour.reader.read(cross, SIZE)).text, '4');
  const { reader } = readerOf(narrowIsOne);
  assert.equal((await reader.read([bar(100), bar(112)], SIZE)).text, '11');
});

test('a digit to which a stroke is added later, after its neighbours, is found by place', async () => {
  const wideIsFour = readerOf((frame) => (columns(frame) > 12 ? 4 : 10));
  const crossAt = (x) => [bar(x), stroke([x - 30, 90], [x, 90], [x + 30, 90], [x + 30, 90])];
  const [[down, across], [otherDown, otherAcross]] = [crossAt(100), crossAt(172)];
  assert.equal((await wideIsFour.reader.read([down, otherDown, otherAcross, across], SIZE)).text, '44');
});

test('a lone dot is a mark, and the network is not asked about it', async () => {
  const { reader, asked } = readerOf(() => 0);
  const reading = await reader.read([stroke([50, 50])], SIZE);
  assert.equal(reading.text, '');
  assert.equal(reading.rejected.length, 1);
  assert.equal(asked(), 0);
});

test('what did not change is not asked about again', async () => {
  const { reader, asked } = readerOf(narrowIsOne);
  const strokes = [bar(100), bar(300)];
  await reader.read(strokes, SIZE);
  const before = asked();
  await reader.read([...strokes, bar(500)], SIZE);
  assert.equal(asked(), before + 1);
});

test('five hundred strokes ask the network a bounded number of times', async () => {
  const { reader, asked } = readerOf(() => 10);
  const many = Array.from({ length: 500 }, (_, index) => bar(5 + (index * 37) % 590, (index * 53) % 180, 70));
  await reader.read(many, SIZE);
  assert.ok(asked() <= 96, `${asked()} frames`);
});

test('a reading that is no longer wanted stops', async () => {
  const { reader } = readerOf(narrowIsOne);
  const controller = new AbortController();
  controller.abort();
  await assert.rejects(reader.read([bar(100)], SIZE, controller.signal), { name: 'AbortError' });
});

test('digits whose ink cannot be one are not tried together', () => {
  const marks = [bar(100), bar(112), stroke([100, 20], [130, 20], [130, 21])].map(markOf);
  const { isNear } = clustersOf(marks, 80);
  assert.ok(canBeOne([marks[0]], 80, isNear));
  assert.ok(!canBeOne([marks[0], marks[2]], 80, isNear)); // 30 px apart
});

test('paint covers the line with the width of the pen, softly at its edge', () => {
  const ink = paintStroke(stroke([10, 10], [50, 10]));
  const at = (x, y) => ink.values[(y - ink.top) * ink.width + x - ink.left];
  assert.equal(at(30, 9), 1);
  assert.ok(at(30, 13) > 0 && at(30, 13) < 1);
  assert.equal(at(30, 15) ?? 0, 0);
});

test('inks joined are as dark as the darker one', () => {
  const [a, b] = [paintStroke(stroke([10, 10])), paintStroke(stroke([40, 30]))];
  const both = join([a, b]);
  assert.equal(both.left, a.left);
  assert.equal(both.values[(30 - both.top) * both.width + 40 - both.left], 1);
  assert.equal(join([a]), a);
});

test('softmax sums to one and takes the temperature', () => {
  const soft = softmax([2, 0], 2);
  assert.ok(Math.abs(soft[0] + soft[1] - 1) < 1e-6);
  assert.ok(soft[0] < softmax([2, 0])[0]);
});
