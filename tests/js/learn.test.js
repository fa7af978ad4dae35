import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const modules = '../../src/digitlens/web/static/js/learn';
const { KERNELS, convolve, patchAt, sumAt } = await import(`${modules}/convolution.js`);
const { chance, gradientOf, lossOf, pointsOf, rightOf, stepFrom } = await import(`${modules}/descent.js`);
const { greyOf, inkBelow, surroundingsOf } = await import(`${modules}/ink.js`);
const { forgetAll, markRead, readSlugs } = await import(`${modules}/progress.js`);
const { judge, softmaxOf } = await import(`${modules}/scores.js`);
const { shade } = await import(`${modules}/../lens/signed.js`);

const near = (found, wanted, within = 1e-6) => assert.ok(Math.abs(found - wanted) < within, `${found} is not ${wanted}`);
const frame = Float32Array.from({ length: 784 }, (_, place) => ((place * 37) % 256) / 255);
const data = JSON.parse(readFileSync(new URL('../../src/digitlens/web/static/learn/ones-and-zeros.json', import.meta.url)));

test('beyond the edge of the frame there are zeros', () => {
  assert.deepEqual(patchAt(frame, 0, 0), [0, 0, 0, 0, frame[0], frame[1], 0, frame[28], frame[29]]);
  assert.deepEqual(patchAt(frame, 27, 27).slice(4), [frame[783], 0, 0, 0, 0]);
});

test('the kernel that copies leaves the frame as it is, and the bias lifts every sum', () => {
  assert.deepEqual(convolve(frame, KERNELS.copy), frame);
  near(convolve(frame, KERNELS.copy, 2)[100], frame[100] + 2);
});

test('a 1 left of the middle moves the picture to the right, as the answer in chapter 3 says', () => {
  const moved = convolve(frame, [0, 0, 0, 1, 0, 0, 0, 0, 0]);
  assert.equal(moved[5 * 28 + 6], frame[5 * 28 + 5]);
});

test('the kernel of left rims answers to them positively, and to right rims negatively', () => {
  const bar = Float32Array.from({ length: 784 }, (_, place) => (place % 28 >= 10 && place % 28 < 15 ? 1 : 0));
  assert.equal(sumAt(bar, KERNELS.left, 0, 14, 9).sum, 3);
  assert.equal(sumAt(bar, KERNELS.left, 0, 14, 12).sum, 0);
  assert.equal(sumAt(bar, KERNELS.left, 0, 14, 15).sum, -3);
});

test('the gradient agrees with the slope of the loss in both directions', () => {
  const points = pointsOf(data);
  for (const network of [{ weight: -2, bias: -3 }, { weight: 1, bias: 0.5 }]) {
    const { weight, bias } = gradientOf(network, points);
    const by = 1e-5;
    near((lossOf({ ...network, weight: network.weight + by }, points) - lossOf({ ...network, weight: network.weight - by }, points)) / (2 * by), weight);
    near((lossOf({ ...network, bias: network.bias + by }, points) - lossOf({ ...network, bias: network.bias - by }, points)) / (2 * by), bias);
  }
});

test('the descent ends where the text of chapter 6 says', () => {
  const points = pointsOf(data);
  let network = { weight: -2, bias: -3 };
  for (let step = 0; step < 2000; step += 1) network = stepFrom(network, points, 3);
  near(network.weight, data.best.weight, 1e-3);
  near(network.bias, data.best.bias, 1e-3);
  near(lossOf(network, points), data.best.loss, 1e-3);
  assert.deepEqual([rightOf(network, points), points.length], [data.best.right, data.best.total]);
});

test('the first step at the highest learning rate lands higher than it began, as the answer says', () => {
  const points = pointsOf(data);
  const start = { weight: -2, bias: -3 };
  assert.ok(lossOf(stepFrom(start, points, 10 ** 2.2), points) > lossOf(start, points));
});

test('the loss of a network that is sure and wrong stays a number', () => {
  near(lossOf({ weight: 1000, bias: 0 }, [{ input: 2, right: 0 }]), 2000);
  near(chance({ weight: 0, bias: 0 }, 7), 0.5);
});

test('probabilities make 1, keep their order at any temperature and do not change when all scores grow', () => {
  const scores = [3, -1, 0.5, 900];
  const { probabilities } = softmaxOf(scores, 0.7);
  near(probabilities.reduce((sum, value) => sum + value), 1);
  assert.equal(probabilities.indexOf(Math.max(...probabilities)), 3);
  const [cold, moved] = [softmaxOf([1, 2], 2).probabilities, softmaxOf([11, 12], 2).probabilities];
  cold.forEach((value, index) => near(value, moved[index]));
  near(softmaxOf([1, 0], 1).powers[0], Math.E);
});

test('a lead of 1, 3 and 7 means what the text of chapter 5 says', () => {
  const times = (lead) => Number((softmaxOf([lead, 0], 1).probabilities[0] / softmaxOf([lead, 0], 1).probabilities[1]).toPrecision(2));
  assert.deepEqual([times(1), times(3), times(7)], [2.7, 20, 1100]);
});

test('guesses are judged as answers of the network are', () => {
  const found = judge([{ guess: 0.9, isTrue: true }, { guess: 0.9, isTrue: false }, { guess: 0.5, isTrue: true }, { guess: 0.1, isTrue: false }]);
  near(found.loss, -(2 * Math.log(0.9) + Math.log(0.1) + Math.log(0.5)) / 4);
  assert.deepEqual([found.sure, found.right], [3, 2]);
  near(found.promised, 2.7);
});

test('a shadow is darker than its surroundings only at its rim, a stroke everywhere', () => {
  const [width, height] = [60, 20];
  const grey = Float32Array.from({ length: width * height }, (_, place) => {
    const x = place % width;
    return (x < 30 ? 220 : 120) - (x === 10 || x === 50 ? 60 : 0);
  });
  const paper = surroundingsOf(grey, width, height, 5);
  near(paper[5 * width + 20], 220);
  const ink = inkBelow(grey, (place) => paper[place] - 40);
  assert.deepEqual([10, 20, 50, 55].map((x) => ink[10 * width + x]), [1, 0, 1, 0]);
  const whole = inkBelow(grey, () => 161);
  assert.deepEqual([10, 20, 50, 55].map((x) => whole[10 * width + x]), [1, 0, 1, 1]);
});

test('grey values of white, black and green', () => {
  const [white, black, green] = greyOf(Uint8ClampedArray.of(255, 255, 255, 255, 0, 0, 0, 255, 0, 200, 0, 255));
  near(white, 255, 1e-4);
  near(black, 0);
  near(green, 117.4, 1e-4);
});

test('zero is paper, and a negative value has another colour and stripes', () => {
  assert.deepEqual(shade(0, false), [255, 254, 251]);
  assert.deepEqual([shade(1, false), shade(1, true)], [[31, 79, 191], [31, 79, 191]]);
  assert.notDeepEqual(shade(-1, false), shade(-1, true));
});

test('chapters that were read are kept, and forgotten on demand', () => {
  const kept = new Map();
  const storage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  markRead('pixels', storage);
  markRead('pixels', storage);
  markRead('frame', storage);
  assert.deepEqual(readSlugs(storage), ['pixels', 'frame']);
  forgetAll(storage);
  assert.deepEqual(readSlugs(storage), []);
});

test('where the browser keeps nothing, or something odd, the page remembers by itself', () => {
  forgetAll(null);
  const full = { getItem: () => '{broken', setItem() { throw new Error('full'); } };
  markRead('kernel', full);
  assert.deepEqual(readSlugs(full), ['kernel']);
  assert.deepEqual(readSlugs(null), ['kernel']);
  assert.deepEqual(readSlugs({ getItem: () => '[1, "answer"]' }), ['answer']);
});
