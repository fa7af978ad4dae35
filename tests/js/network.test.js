import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contributions, gradient, integratedGradients } from '../../src/digitlens/web/static/js/lens/gradients.js';
import { halfToNumber, Network, UnsupportedNetwork, windowAt } from '../../src/digitlens/web/static/js/lens/network.js';

/** A frame of 4 x 4, halved by its highest places, then one number for each of two labels; weights written by hand. */
function smallNetwork() {
  const kernel = Float32Array.from([1, 2, 3, 4, 0, 0, 0, -1]); // (2, 4)
  const bias = Float32Array.from([0.5, -0.5]);
  const buffer = new ArrayBuffer(4 + kernel.byteLength + bias.byteLength);
  new Uint8Array(buffer).set(new Uint8Array(kernel.buffer), 4);
  new Uint8Array(buffer).set(new Uint8Array(bias.buffer), 4 + kernel.byteLength);
  const plain = { activation: null, alpha: null, strides: null, padding: null, pool: null, kernel: null, bias: null };
  const layers = [
    { ...plain, name: 'frames', kind: 'input', inputs: [], shape: [4, 4, 1] },
    { ...plain, name: 'pool', kind: 'max_pool', inputs: ['frames'], shape: [2, 2, 1], strides: [2, 2], padding: 'valid', pool: [2, 2] },
    { ...plain, name: 'flat', kind: 'flatten', inputs: ['pool'], shape: [4] },
    {
      ...plain, name: 'logits', kind: 'dense', inputs: ['flat'], shape: [2],
      kernel: { offset: 4, shape: [2, 4], dtype: 'float32' }, bias: { offset: 4 + kernel.byteLength, shape: [2], dtype: 'float32' },
    },
  ];
  return Network.of({ layers, labels: ['a', 'b'], temperature: 2, unsupported: null }, buffer);
}

const FRAME = Float32Array.from([0, 1, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 0, 0.25, 0, 0, 1]);

test('halves become the numbers that they are', () => {
  const bits = [0x0000, 0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0xfc00];
  assert.deepEqual(bits.map(halfToNumber), [0, 1, -2, 0.333251953125, 2 ** -24, 65504, -Infinity]);
  assert.ok(Number.isNaN(halfToNumber(0x7e00)));
});

test('every layer gives its values, the last the logits', () => {
  const activations = smallNetwork().forward(FRAME);
  assert.deepEqual([...activations.keys()], ['frames', 'pool', 'flat', 'logits']);
  assert.deepEqual([...activations.get('pool').values], [1, 0.5, 0.25, 1]);
  assert.deepEqual([...activations.get('logits').values], [1 + 1 + 0.75 + 4 + 0.5, -1.5]);
});

test('the temperature divides before the softmax', () => {
  const [sure, other] = smallNetwork().probabilities(Float32Array.from([2, 0]));
  assert.ok(Math.abs(sure - 1 / (1 + Math.exp(-1))) < 1e-6);
  assert.ok(Math.abs(sure + other - 1) < 1e-6);
});

test('a silenced channel is 0, and nothing that was computed before is changed by it', () => {
  const network = smallNetwork();
  const whole = network.forward(FRAME);
  const without = network.forward(FRAME, { knocked: { pool: new Set([0]) }, after: { layer: 'pool', activations: whole } });
  assert.deepEqual([...without.get('logits').values], [0.5, -0.5]);
  assert.deepEqual([...whole.get('pool').values], [1, 0.5, 0.25, 1]);
});

test('what is known up to a layer is not computed again', () => {
  const network = smallNetwork();
  const known = network.forward(FRAME);
  const empty = new Float32Array(16); // another frame: only what follows the layer would see it
  assert.deepEqual(network.forward(empty, { after: { layer: 'flat', activations: known } }).get('logits').values, known.get('logits').values);
});

test('the gradient goes to the highest place of each pool', () => {
  const network = smallNetwork();
  const found = gradient(network, network.forward(FRAME), [1, 0]);
  assert.deepEqual([...found], [0, 1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 3, 0, 0, 4]);
});

test('integrated gradients of a linear path add up exactly, and tell how far they are', async () => {
  const shares = [];
  const found = await integratedGradients(smallNetwork(), FRAME, [1, -1], { steps: 3, onProgress: (share) => shares.push(share) });
  assert.equal(shares.length, 3);
  assert.equal(shares.at(-1), 1);
  assert.equal(found.difference, 7.75);
  // The substitution t^3 in 3 steps: the mean of 3 t^2 at 1/6, 1/2 and 5/6 is 35/36.
  assert.ok(Math.abs(found.sum - (7.75 * 35) / 36) < 1e-5);
});

test('integrated gradients stop when nobody waits for them any more', async () => {
  const stop = new AbortController();
  const running = integratedGradients(smallNetwork(), FRAME, [1, 0], { signal: stop.signal, onProgress: () => stop.abort() });
  await assert.rejects(running, { name: 'AbortError' });
});

test('the contributions of the places and the bias are the logits', () => {
  const network = smallNetwork();
  const { values, shape, bias } = contributions(network, network.forward(FRAME));
  assert.deepEqual(shape, [2, 2, 2]);
  assert.deepEqual([...values], [1, 0, 1, 0, 0.75, 0, 4, -1].map((value) => value || 0));
  assert.deepEqual([...bias], [0.5, -0.5]);
});

test('windows stand as LiteRT pads: the odd row goes below', () => {
  assert.deepEqual(windowAt(0, 28, 14, 3, 2, 'same'), { first: 0, from: 0, to: 3 });
  assert.deepEqual(windowAt(13, 28, 14, 3, 2, 'same'), { first: 26, from: 0, to: 2 });
  assert.deepEqual(windowAt(0, 28, 28, 3, 1, 'same'), { first: -1, from: 1, to: 3 });
  assert.deepEqual(windowAt(9, 14, 10, 5, 1, 'valid'), { first: 9, from: 0, to: 5 });
});

test('a network that cannot be shown says what it uses', () => {
  const refused = (description) => assert.throws(() => Network.of(description, new ArrayBuffer(0)), (error) => {
    assert.ok(error instanceof UnsupportedNetwork);
    assert.equal(error.operation, 'SOFTMAX');
    assert.match(error.message, /SOFTMAX/);
    return true;
  });
  refused({ layers: [], unsupported: { operation: 'SOFTMAX', message: 'This network uses SOFTMAX.' } });
  refused({ layers: [{ name: 'a', kind: 'SOFTMAX' }], unsupported: null });
});
