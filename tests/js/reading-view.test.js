import assert from 'node:assert/strict';
import { test } from 'node:test';

import { viewOf } from '../../src/digitlens/web/static/js/reading-view.js';

const digit = (value, confidence, alternatives) => ({ value, confidence, doubtful: confidence < 0.95, box: [1, 2, 3, 4], alternatives });
const READING = {
  text: '40\n7',
  lines: [
    { text: '40', digits: [digit(4, 0.97, [[9, 0.02], [1, 0.01]]), digit(0, 0.9999, [])] },
    { text: '7', digits: [digit(7, 0.61, [[1, 0.27], [9, 0.078], [2, 0.02]])] },
  ],
  rejected: [{ box: [9, 9, 5, 5] }],
  width: 100,
  height: 50,
};

test('digits come in reading order, with their confidence in words', () => {
  const { digits } = viewOf(READING);
  assert.deepEqual(digits.map(({ value }) => value), [4, 0, 7]);
  assert.deepEqual(digits.map(({ percent }) => percent), ['97.0 %', '> 99.9 %', '61.0 %']);
});

test('a sure digit shows one rival, a doubtful one two, the likeliest first', () => {
  const { digits } = viewOf(READING);
  assert.deepEqual(digits[0].alternatives, [{ value: 9, percent: '2.0 %' }]);
  assert.deepEqual(digits[2].alternatives, [{ value: 1, percent: '27.0 %' }, { value: 9, percent: '7.8 %' }]);
});

test('what is less likely than 1 % is no rival', () => {
  const of = (confidence, alternatives) => viewOf({ ...READING, lines: [{ text: '4', digits: [digit(4, confidence, alternatives)] }] });
  assert.deepEqual(of(0.998, [[9, 0.001], [1, 0.0005]]).digits[0].alternatives, []);
  assert.deepEqual(of(0.94, [[9, 0.01], [1, 0.0099]]).digits[0].alternatives, [{ value: 9, percent: '1.0 %' }]);
});

test('the sentence names the text, what to check and what is not a digit', () => {
  assert.equal(viewOf(READING).sentence, 'Read 40, 7. To check: 7, 61.0 %. 1 mark is not a digit.');
});

test('a page without digits says so', () => {
  const { sentence, digits } = viewOf({ ...READING, text: '', lines: [], rejected: [] });
  assert.equal(sentence, 'No digit yet.');
  assert.deepEqual(digits, []);
});

test('boxes of rejected marks are handed on', () => {
  assert.deepEqual(viewOf(READING).rejected, [[9, 9, 5, 5]]);
});
