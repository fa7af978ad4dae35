import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formOf, t, tn } from '../../src/digitlens/web/static/js/words.js';

test('without a document the words are English, with their places filled in', () => {
  assert.equal(t('Read {text}.', { text: '407' }), 'Read 407.');
  assert.equal(t('{a} and {b}', { a: 0, b: '{a}' }), '0 and {a}', 'what is filled in is not looked at again');
  assert.equal(t('Read {text}.'), 'Read {text}.');
});

test('one is singular, none and many are plural', () => {
  const digits = (count) => tn('{count} digit', '{count} digits', count);
  assert.deepEqual([0, 1, 2, 12].map(digits), ['0 digits', '1 digit', '2 digits', '12 digits']);
});

test('Arabic has six forms, and every count finds its own', () => {
  const forms = Object.fromEntries(['zero', 'one', 'two', 'few', 'many', 'other'].map((name) => [name, name]));
  const named = (count) => formOf(forms, count, 'ar-u-nu-latn');
  assert.deepEqual([0, 1, 2, 3, 10, 11, 99, 100, 102, 103].map(named), ['zero', 'one', 'two', 'few', 'few', 'many', 'many', 'other', 'other', 'few']);
});

test('a category that a catalogue does not have falls to its last form', () => {
  assert.equal(formOf({ one: 'un', other: 'des' }, 1_000_000, 'fr'), 'des');
  assert.equal(formOf(undefined, 3, 'fr'), undefined);
});
