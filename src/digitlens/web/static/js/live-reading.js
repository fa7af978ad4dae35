// Reads what is on the pad and shows the answer below it, while one writes and afterwards.

import { CalmError, isReachable } from './api.js';
import { showBoxes } from './boxes.js';
import { showAnswer, showNotSent, showTrouble } from './live-answer.js';
import { createPadReader } from './pad-reading.js';
import { atMost, debounce, latest } from './timing.js';

const READ_AFTER_MS = 150; // of rest, where the server reads
const READ_EVERY_MS = 80; // while the pen moves, where this device does

/**
 * @typedef {object} Source what is read: the strokes of the pad or the ink of the grid
 * @property {() => boolean} isEmpty
 * @property {() => Promise<Blob>} picture for the server, and to keep
 * @property {() => {width: number, height: number}} size
 * @property {(device: object, signal: AbortSignal) => Promise<object>} readOn gives a Reading made on this device
 * @property {boolean} [hasBoxes] whether the boxes of the answer belong on the pad
 */

/** The live answer of a panel. `setSource` first. */
export function createLiveReading(panel) {
  const part = (name) => panel.querySelector(`[data-${name}]`);
  let source = null;
  let isReading = false;

  const padReader = createPadReader(panel.dataset.api, () => source);
  const reader = latest(async (signal) => ({ ...await padReader.read(signal), ...source.size() }));
  const settled = debounce(readNow, READ_AFTER_MS);
  const moving = atMost(() => { if (!isReading) readNow(); }, READ_EVERY_MS);

  async function readNow() {
    if (source.isEmpty()) return;
    moving.cancel();
    isReading = true;
    part('live').classList.add('is-stale');
    try {
      const answer = await reader.run();
      if (answer) showReading(answer);
    } catch (error) {
      if (!(error instanceof CalmError)) throw error;
      showProblem(error);
    } finally {
      isReading = false;
    }
  }

  function showReading({ view, where, width, height }) {
    if (source.hasBoxes) showBoxes(part('pad-boxes'), view, width, height);
    showAnswer(part('live-answer'), view, where, keep);
    setLive(view.sentence);
  }

  function showProblem(error) {
    part('pad-boxes').replaceChildren();
    showTrouble(part('live-answer'), error);
    setLive(`${error.message} ${error.hint}`);
    if (error.retry_s !== null) settled.later(1000 * error.retry_s);
  }

  function setLive(sentence) {
    const isEmpty = sentence === '';
    part('live').classList.remove('is-stale');
    part('live-empty').hidden = !isEmpty;
    part('live-answer').hidden = isEmpty;
    if (part('live-words').textContent !== sentence) part('live-words').textContent = sentence;
  }

  async function keep() {
    if (!await isReachable()) {
      showNotSent(part('live-answer'));
      return;
    }
    const form = part('keep');
    const transfer = new DataTransfer();
    transfer.items.add(new File([await source.picture()], 'drawing.png', { type: 'image/png' }));
    form.querySelector('input').files = transfer.files;
    form.requestSubmit();
  }

  function forget() {
    settled.cancel();
    moving.cancel();
    reader.cancel();
    part('pad-boxes').replaceChildren();
    setLive('');
  }

  return {
    prepare: padReader.prepare,
    now: () => settled.now(),
    later: () => settled.later(),
    /** The pen moved: read at once where that costs nobody anything, else when it rests. */
    moved: () => { if (padReader.isOnDevice()) moving.soon(); else settled.later(); },
    cancel: () => reader.cancel(),
    forget,
    setSource(next) {
      source = next;
      if (source.isEmpty()) forget();
      else settled.now();
    },
  };
}
