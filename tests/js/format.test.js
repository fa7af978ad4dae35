import assert from 'node:assert/strict';
import { test } from 'node:test';

import { megabytes, percent } from '../../src/digitlens/web/static/js/format.js';

test('a percentage never claims to be certain', () => {
  assert.equal(percent(1), '> 99.9 %');
  assert.equal(percent(0.99996), '> 99.9 %');
  assert.equal(percent(0), '< 0.1 %');
  assert.equal(percent(0.0004), '< 0.1 %');
});

test('a percentage has one decimal', () => {
  assert.equal(percent(0.998), '99.8 %');
  assert.equal(percent(0.5), '50.0 %');
  assert.equal(percent(0.001), '0.1 %');
});

test('megabytes have a decimal only where it matters', () => {
  assert.equal(megabytes(1_500_000), '1.5 MB');
  assert.equal(megabytes(31_200_000), '31 MB');
});
