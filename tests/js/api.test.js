import assert from 'node:assert/strict';
import { test } from 'node:test';

import { CalmError, read } from '../../src/digitlens/web/static/js/api.js';

const picture = new Blob(['png'], { type: 'image/png' });
const answering = (status, body, headers = {}) => async () => new Response(JSON.stringify(body), { status, headers });

test('the first page is the answer, and the picture travels as the raw body', async () => {
  let sent;
  const send = async (url, options) => { sent = { url, ...options }; return new Response('{"readings": [{"text": "7"}]}'); };
  const reading = await read('/api/v1/readings', picture, undefined, send);
  assert.equal(reading.text, '7');
  assert.deepEqual([sent.url, sent.method, sent.headers['Content-Type']], ['/api/v1/readings', 'POST', 'image/png']);
});

test('too many requests is told calmly, with the time to wait', async () => {
  const send = answering(429, {}, { 'Retry-After': '7' });
  await assert.rejects(read('/', picture, undefined, send), (error) => error instanceof CalmError && error.retry_s === 7);
});

test('an error of the server keeps its own words and is not tried again', async () => {
  const send = answering(422, { error: { message: 'The PNG is cut short.', hint: 'Save it again.' } });
  await assert.rejects(read('/', picture, undefined, send), { message: 'The PNG is cut short.', hint: 'Save it again.', retry_s: null });
});

test('a server that answers with something else than JSON gets words too', async () => {
  const send = async () => new Response('<html>bad gateway', { status: 502 });
  await assert.rejects(read('/', picture, undefined, send), { message: 'The server answered with error 502.' });
});

test('a server that cannot be reached is tried again', async () => {
  const send = async () => { throw new TypeError('failed to fetch'); };
  await assert.rejects(read('/', picture, undefined, send), (error) => error instanceof CalmError && error.retry_s > 0);
});

test('an aborted request is no error to tell', async () => {
  const controller = new AbortController();
  controller.abort();
  const send = async () => { throw new DOMException('aborted', 'AbortError'); };
  await assert.rejects(read('/', picture, controller.signal, send), { name: 'AbortError' });
});
