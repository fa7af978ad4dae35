// Who reads the pad: this device as soon as its network is there, the server until then and where it never comes.

import { read } from './api.js';
import { createStrokeReader } from './device/strokes.js';
import { loadRuntime } from './device/runtime.js';
import { viewOf } from './reading-view.js';

const IDLE_MS = 4000; // a page that is never idle loads it then

/**
 * @param {string} api address that reads a picture
 * @param {() => import('./live-reading.js').Source} source what is to be read now
 * @returns {{read: (signal: AbortSignal) => Promise<{view: object, where: 'device' | 'server'}>, isOnDevice: () => boolean,
 *   prepare: () => Promise<void>}}
 */
export function createPadReader(api, source) {
  let device = null;
  let loading = null;

  /** Load the network for this device; a failure leaves the server to read, until it is asked for again. */
  function prepare() {
    loading ??= loadRuntime().then((runtime) => { device = createStrokeReader(runtime); }, () => { loading = null; });
    return loading;
  }

  async function readPad(signal) {
    if (device) {
      try {
        return { view: viewOf(await source().readOn(device, signal)), where: 'device' };
      } catch (error) {
        if (signal.aborted) throw error;
        device = null; // its memory ran out, perhaps; the server reads from now on
      }
    }
    return { view: viewOf(await read(api, await source().picture(), signal)), where: 'server' };
  }

  return { read: readPad, isOnDevice: () => device !== null, prepare };
}

/** Call `prepare` when the page has nothing else to do, or when somebody touches `place` first. */
export function prepareInTime(place, prepare) {
  place.addEventListener('pointerdown', prepare, { once: true });
  place.addEventListener('focusin', prepare, { once: true });
  if (navigator.connection?.saveData) return; // who saves data loads it when he writes
  const whenIdle = globalThis.requestIdleCallback ?? ((action) => setTimeout(action, 1000));
  const start = () => whenIdle(prepare, { timeout: IDLE_MS });
  if (document.readyState === 'complete') start();
  else window.addEventListener('load', start, { once: true });
}
