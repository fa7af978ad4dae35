import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { familiarity, findDoubts, measureFrame } from '../../src/digitlens/web/static/js/lens/doubts.js';
import { fromText } from '../../src/digitlens/web/static/js/lens/frames.js';
import { changedBy, dab, transform, atRest } from '../../src/digitlens/web/static/js/lens/transforms.js';

const LENS = new URL('../../src/digitlens/web/static/lens/', import.meta.url);
const usual = JSON.parse(readFileSync(new URL('usual.json', LENS)));
const seven = fromText(JSON.parse(readFileSync(new URL('examples.json', LENS))).find(({ name }) => name === 'seven').frame);
const sure = (value, share = 0.99) => Float32Array.from({ length: 11 }, (_, other) => (other === value ? share : (1 - share) / 10));
const codes = (frame, probabilities = sure(7)) => findDoubts(frame, { probabilities }, usual).map(({ code }) => code);

test('nothing speaks against a clean digit', () => {
  assert.deepEqual(codes(seven), []);
});

test('an empty frame is empty and nothing else', () => {
  assert.deepEqual(codes(new Float32Array(784)), ['blank']);
  assert.equal(measureFrame(new Float32Array(784)), null);
});

for (const [code, frame] of Object.entries({
  thin_stroke: Float32Array.from({ length: 784 }, (_, place) => Number((place % 28 === 14 && place < 24 * 28 && place > 112) || (place > 121 && place < 127))),
  thick_stroke: changedBy(seven, 'thickness', 4),
  grey_ink: changedBy(seven, 'ink', 40),
  grey_paper: changedBy(seven, 'ground', 30),
  small: changedBy(seven, 'scale', 50),
  large: changedBy(seven, 'scale', 130),
  off_centre: changedBy(seven, 'shiftX', 3),
  frame_edge: changedBy(seven, 'shiftX', 8),
  soft: changedBy(seven, 'blur', 2),
})) {
  test(`${code} is said of a frame that was made so`, () => {
    assert.ok(codes(frame).includes(code), codes(frame).join(' '));
  });
}

test('a second mark is said', () => {
  const paint = new Float32Array(784);
  dab(paint, 4, 22, 2, 1);
  assert.ok(codes(transform(seven, atRest(), paint)).includes('several_marks'));
});

test('noise is said as specks, not as a thin stroke', () => {
  assert.ok(codes(changedBy(seven, 'noise', 20)).includes('specks'));
});

test('a close runner-up is named, and so is "not a digit"', () => {
  const close = sure(7);
  close[7] = 0.6;
  close[1] = 0.38;
  assert.equal(findDoubts(seven, { probabilities: close }, usual)[0].value, 1);
  assert.deepEqual(codes(seven, close), ['runner_up']);
  [close[1], close[10]] = [0.01, 0.38];
  assert.deepEqual(codes(seven, close), ['may_be_no_digit']);
  assert.deepEqual(codes(seven, sure(10)), ['no_digit']);
});

test('scores that are all low are unfamiliar', () => {
  assert.ok(Math.abs(familiarity(new Float32Array(11)) - Math.log(10)) < 1e-6);
  const doubts = findDoubts(seven, { probabilities: sure(7), logits: new Float32Array(11).fill(-1) }, usual);
  assert.deepEqual(doubts.map(({ code }) => code), ['unfamiliar']);
});
