import assert from 'node:assert/strict';
import { test } from 'node:test';

import { frameOfHash, fromText, hashOf, keepOwn, ownFrame, toText } from '../../src/digitlens/web/static/js/lens/frames.js';

const frame = Float32Array.from({ length: 784 }, (_, place) => (place % 256) / 255);

test('a frame comes back from its text exactly', () => {
  const text = toText(frame);
  assert.equal(text.length, 1046);
  assert.match(text, /^[\w-]+$/);
  assert.deepEqual(fromText(text), frame);
});

test('what is no frame gives none', () => {
  const text = toText(frame);
  for (const wrong of ['', 'AAAA', text.slice(1), `${text}A`, `+${text.slice(1)}`, `${text.slice(1)}=`, null, undefined, 7]) {
    assert.equal(fromText(wrong), null);
  }
});

test('an address tells a frame from a damaged one and from none', () => {
  assert.deepEqual(frameOfHash(hashOf(frame)), { asked: true, frame });
  assert.deepEqual(frameOfHash('#f=abc'), { asked: true, frame: null });
  assert.deepEqual(frameOfHash('#inside'), { asked: false, frame: null });
  assert.deepEqual(frameOfHash(''), { asked: false, frame: null });
});

test('the own digit lives in memory where nothing can be stored', () => {
  assert.equal(ownFrame(), null);
  keepOwn(frame, { label: 'mine' });
  assert.deepEqual(ownFrame(), { frame, source: { label: 'mine', kind: 'own' } });
});

test('the own digit comes back from the store, and rubbish in the store is no digit', async () => {
  const kept = new Map();
  globalThis.localStorage = { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) };
  keepOwn(frame);
  const fresh = await import('../../src/digitlens/web/static/js/lens/frames.js?fresh');
  assert.deepEqual(fresh.ownFrame(), { frame, source: { kind: 'own' } });
  for (const rubbish of ['{', '7', 'null', '{"text": "AAAA"}']) {
    kept.set('digitlens.own', rubbish);
    assert.equal(fresh.ownFrame(), null);
  }
});
