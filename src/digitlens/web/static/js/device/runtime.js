// LiteRT.js on the reader's own device: the network that the server uses, its very weights, one frame at a time.
// It runs on the processor, in the build that every browser with WebAssembly SIMD has; nothing is loaded before it is asked for.

import { fetched } from '../fetched.js';

const VENDOR = new URL('../../vendor/litertjs-core/', import.meta.url);
const PIXELS = 784;

let loading = null;
let litert = null;

/**
 * @typedef {object} Runtime
 * @property {(frame: Float32Array) => Promise<Float32Array>} classify frame (784,) in [0, 1] to logits (11,)
 * @property {object} description `network.json`: temperature, review_threshold, version ...
 */

/**
 * Load it, once. Rejects with a sentence where there is no WebAssembly, the weights are damaged or the server is gone;
 * who asks again later tries again.
 * @returns {Promise<Runtime>}
 */
export function loadRuntime() {
  loading ??= start().catch((error) => {
    loading = null;
    throw error;
  });
  return loading;
}

async function start() {
  if (typeof WebAssembly !== 'object') throw new Error('This browser has no WebAssembly.');
  const [{ loadAndCompile, Tensor }, { description, weights }] = await Promise.all([loadLiteRt(), loadWeights()]);
  const model = await loadAndCompile(weights, { accelerator: 'wasm' });
  let before = Promise.resolve();
  const classify = (frame) => {
    const answer = before.then(() => run(model, Tensor, frame));
    before = answer.catch(() => {}); // one failure is that of its own frame
    return answer;
  };
  await classify(new Float32Array(PIXELS)); // the first run sets things up
  return { classify, description };
}

/** Every tensor lives in the memory of the WebAssembly module, which nobody clears up but we. */
async function run(model, Tensor, frame) {
  const input = new Tensor(frame, [1, 28, 28, 1]);
  let outputs = [];
  try {
    outputs = await model.run(input);
    return Float32Array.from(await outputs[0].data());
  } finally {
    input.delete();
    for (const output of outputs) output.delete();
  }
}

function loadLiteRt() {
  litert ??= startLiteRt().catch((error) => {
    litert = null;
    throw error;
  });
  return litert;
}

async function startLiteRt() {
  const module = await import('../../vendor/litertjs-core/index.js');
  // What the runtime says of itself while it starts ("XNNPACK CPU accelerator registered") is no error of ours.
  globalThis.Module = { printErr: () => {}, locateFile: (name) => new URL(name, VENDOR).href };
  try {
    await module.loadLiteRt(new URL('litert_wasm_compat_internal.js', VENDOR).href);
  } catch (error) {
    throw error instanceof Error ? error : new Error('The runtime cannot be loaded.');
  }
  return module;
}

async function loadWeights() {
  const address = document.querySelector('meta[name="digitlens-network"]')?.content ?? '/model/network.json';
  const description = await (await fetched(address)).json();
  const weights = new Uint8Array(await (await fetched(description.weights)).arrayBuffer());
  await check(weights, description);
  return { description, weights };
}

/**
 * The version in the address of the weights is the beginning of their SHA-256. Browsers compute that over HTTPS and on
 * the same machine only; elsewhere the length has to do.
 */
async function check(weights, description) {
  if (weights.length !== description.bytes) throw new Error('The weights did not arrive in full.');
  const version = new URL(description.weights, document.baseURI).searchParams.get('v');
  if (!version || !globalThis.crypto?.subtle) return;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', weights));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (!found.startsWith(version)) throw new Error('The weights are damaged.');
}
