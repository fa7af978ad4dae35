// Runs a named function of a module with the network. The same in a worker and, where there is none, in the page.

import { fetched } from '../fetched.js';
import { Network } from './network.js';

const descriptions = new Map(); // address of a `network.json` -> Promise of it
const networks = new Map(); // the same address -> Promise<Network>
const TASK = /^([a-z-]+)#(\w+)$/;

/** What the server says of a network: its layers, temperature, labels; fetched once. */
export const descriptionAt = (address) => once(descriptions, address, async () => (await fetched(address)).json());

/**
 * The network that an address describes, with its weights; fetched once.
 * @param {string} address of a `network.json`
 */
export const networkAt = (address) => once(networks, address, async () => {
  const description = await descriptionAt(address);
  return Network.of(description, await (await fetched(description.weights)).arrayBuffer());
});

function once(kept, address, load) {
  if (!kept.has(address)) {
    const loading = load();
    kept.set(address, loading);
    loading.catch(() => kept.delete(address)); // the next one to ask tries again
  }
  return kept.get(address);
}

/**
 * @param {string} task `module#function`: called as `function(network, ...args)`; of a generator, what it yields is progress
 * @param {(progress: any) => void} report hears what a generator yields
 * @param {() => boolean} isCancelled asked after each yield
 * @returns {Promise<any>} what the function returns; null where it was cancelled
 */
export async function runTask(address, task, args, report = () => {}, isCancelled = () => false) {
  const [, file, name] = TASK.exec(task) ?? [];
  if (!file) throw new Error(`Not a task: ${task}`);
  const [network, module] = await Promise.all([networkAt(address), import(`./${file}.js`)]);
  const result = await module[name](network, ...args);
  if (typeof result?.next !== 'function') return result;
  for (let step = await result.next(); ; step = await result.next()) {
    if (step.done) return step.value;
    report(step.value);
    await new Promise((resolve) => { setTimeout(resolve); }); // a request to stop gets through
    if (isCancelled()) return null;
  }
}
