// One network for a page: its description and weights, its answers, and a worker for whatever takes long.

import { softmax } from '../answers.js';
import { descriptionAt, networkAt, runTask } from './tasks.js';

/** A network that the server offers; `served` below is the one that reads. */
export class Brain {
  #address;
  #runtime; // () => Promise of LiteRT.js for these weights, or null
  #device = null;
  #worker = null;
  #open = new Map(); // id -> {resolve, reject, onProgress}
  #count = 0;

  constructor(address, runtime = null) {
    this.#address = address;
    this.#runtime = runtime;
  }

  /** @returns {Promise<Network>} fetched once */
  loadNetwork = () => networkAt(this.#address);

  /**
   * The answer to a frame.
   * @param {Float32Array} frame (784,)
   * @returns {Promise<{logits: Float32Array, probabilities: Float32Array, where: 'device' | 'script'}>}
   */
  classify = async (frame) => {
    const { temperature } = await descriptionAt(this.#address);
    const answer = (logits, where) => ({ logits, probabilities: softmax(logits, temperature), where });
    const device = await this.#loadDevice();
    if (device) return answer(await device.classify(frame), 'device');
    return answer(await this.inWorker('inside#logitsOf', frame), 'script');
  };

  /**
   * What every unit of every layer answers to a frame.
   * @param {{knocked?: Record<string, Set<number>>}} options channels to silence, by name of their layer
   * @returns {Promise<Map<string, {values: Float32Array, shape: number[]}>>}
   */
  activations = (frame, { knocked = {} } = {}) => this.inWorker('inside#activationsOf', frame, knocked);

  /**
   * Run `module#function` of this folder as `function(network, ...args)` in the worker.
   * @param {string | {task: string, onProgress?: (value: any) => void, signal?: AbortSignal}} task of a generator
   *   function, `onProgress` hears what it yields; once `signal` is aborted the answer is null
   */
  inWorker = (task, ...args) => {
    const { task: name, onProgress = () => {}, signal = null } = typeof task === 'string' ? { task } : task;
    if (signal?.aborted) return Promise.resolve(null);
    const worker = this.#startWorker();
    if (!worker) return runTask(this.#address, name, args, onProgress, () => signal?.aborted ?? false);
    const id = ++this.#count;
    return new Promise((resolve, reject) => {
      this.#open.set(id, { resolve, reject, onProgress });
      signal?.addEventListener('abort', () => {
        if (!this.#open.delete(id)) return;
        worker.postMessage({ id, cancel: true });
        resolve(null);
      }, { once: true });
      worker.postMessage({ id, address: this.#address, task: name, args });
    });
  };

  /** LiteRT.js where it starts; null where it cannot, and then the worker's own arithmetic answers. */
  #loadDevice() {
    this.#device ??= this.#runtime
      ? this.#runtime().catch((error) => { console.info(`No LiteRT.js here: ${error?.message ?? error}`); return null; })
      : Promise.resolve(null);
    return this.#device;
  }

  /** The worker; null where the browser has none that takes modules. */
  #startWorker() {
    if (this.#worker !== null) return this.#worker || null;
    try {
      this.#worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    } catch {
      this.#worker = false;
      return null;
    }
    this.#worker.addEventListener('message', ({ data: { id, progress, value, error } }) => {
      const open = this.#open.get(id);
      if (!open) return; // cancelled
      if (progress !== undefined) {
        open.onProgress(progress);
        return;
      }
      this.#open.delete(id);
      if (error === undefined) open.resolve(value);
      else open.reject(new Error(error));
    });
    this.#worker.addEventListener('error', (event) => this.#fail(new Error(event.message ?? 'worker')));
    return this.#worker;
  }

  #fail(error) {
    for (const { reject } of this.#open.values()) reject(error);
    this.#open.clear();
    this.#worker?.terminate();
    this.#worker = null; // the next task starts another one
  }
}

const addressOf = (name, fallback) =>
  globalThis.document?.querySelector(`meta[name="${name}"]`)?.content ?? fallback;

const served = new Brain(
  addressOf('digitlens-network', '/model/network.json'),
  async () => (await import('../device/runtime.js')).loadRuntime(),
);

export const { loadNetwork, classify, activations, inWorker } = served;
