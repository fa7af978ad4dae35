// The drawing pad: strokes in, a reading out, while one writes. The strokes are the data; canvas and PNG only show them.

import SignaturePad from '../vendor/signature_pad/signature_pad.js';
import { CalmError, read } from './api.js';
import { showBoxes } from './boxes.js';
import { fitScale, scaleStrokes, withLastPiece } from './geometry.js';
import { changed, emptyHistory, mapped, redo, undo } from './history.js';
import { showAnswer, showTrouble } from './live-answer.js';
import { viewOf } from './reading-view.js';
import { debounce, latest } from './timing.js';

const INK = '#1b2440';
const PAPER = '#ffffff';
const READ_AFTER_MS = 150;
const PENS = { // radii in CSS px: signature_pad draws circles along the curve
  thin: { minWidth: 1, maxWidth: 1.7, dotSize: 1.8 },
  normal: { minWidth: 2, maxWidth: 3.2, dotSize: 3.4 },
  thick: { minWidth: 4, maxWidth: 5.5, dotSize: 6 },
};

/** The strokes as a PNG of the whole pad, one pixel for each CSS pixel, dark ink on white paper. */
export function renderPng(strokes, width, height) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const painter = new SignaturePad(canvas, { backgroundColor: PAPER });
  painter.off();
  painter.fromData(strokes);
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

/** Bring the panel to life. */
export function startPad(panel) {
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const sheet = part('pad');
  const canvas = sheet.querySelector('canvas');
  const pad = new SignaturePad(canvas, { penColor: INK, minDistance: 2, throttle: 8, ...PENS.normal });
  let history = emptyHistory();

  let fitted = null; // size and pixel ratio that the canvas was last made for

  const size = () => ({ width: sheet.clientWidth, height: sheet.clientHeight });
  const picture = () => renderPng(pad.toData(), size().width, size().height);

  const reader = latest(async (signal) => {
    const { width, height } = size();
    const reading = await read(panel.dataset.api, await picture(), signal);
    return { view: viewOf(reading), width, height };
  });
  const reading = debounce(readStrokes, READ_AFTER_MS);

  async function readStrokes() {
    if (pad.isEmpty()) return;
    part('live').classList.add('is-stale');
    try {
      const answer = await reader.run();
      if (answer) showReading(answer);
    } catch (error) {
      if (!(error instanceof CalmError)) throw error;
      showProblem(error);
    }
  }

  function showReading({ view, width, height }) {
    showBoxes(part('pad-boxes'), view, width, height);
    showAnswer(part('live-answer'), view, keep);
    setLive(view.sentence);
  }

  function showProblem(error) {
    part('pad-boxes').replaceChildren();
    showTrouble(part('live-answer'), error);
    setLive(`${error.message} ${error.hint}`);
    if (error.retry_s !== null) reading.later(1000 * error.retry_s);
  }

  function setLive(sentence) {
    const isEmpty = sentence === '';
    part('live').classList.remove('is-stale');
    part('live-empty').hidden = !isEmpty;
    part('live-answer').hidden = isEmpty;
    if (part('live-words').textContent !== sentence) part('live-words').textContent = sentence;
  }

  async function keep() {
    const form = part('keep');
    const transfer = new DataTransfer();
    transfer.items.add(new File([await picture()], 'drawing.png', { type: 'image/png' }));
    form.querySelector('input').files = transfer.files;
    form.requestSubmit();
  }

  /** Show a history: its strokes on the canvas, its possibilities on the buttons; then read it. */
  function show(next) {
    history = next;
    pad.fromData([...history.present]);
    afterChange();
    if (pad.isEmpty()) forget();
    else reading.now();
  }

  function forget() {
    reading.cancel();
    reader.cancel();
    part('pad-boxes').replaceChildren();
    setLive('');
  }

  function afterChange() {
    part('pad-hint').hidden = history.present.length > 0;
    part('undo').disabled = history.past.length === 0;
    part('redo').disabled = history.future.length === 0;
    part('clear').disabled = history.present.length === 0;
  }

  function fit() {
    const { width, height } = size();
    const ratio = Math.max(window.devicePixelRatio || 1, 1);
    const isAsBefore = fitted?.width === width && fitted.height === height && fitted.ratio === ratio;
    if (!width || !height || isAsBefore) return; // a phone's address bar comes and goes, also in the middle of a stroke
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.getContext('2d').scale(ratio, ratio);
    const scale = fitScale(history.present, fitted ?? { width, height }, { width, height });
    history = mapped(history, (strokes) => scaleStrokes(strokes, scale));
    fitted = { width, height, ratio };
    pad.fromData([...history.present]);
    if (!pad.isEmpty()) reading.later();
  }

  pad.addEventListener('beginStroke', () => {
    canvas.focus({ preventScroll: true });
    part('pad-hint').hidden = true;
    reader.cancel();
  });
  pad.addEventListener('afterUpdateStroke', () => reading.later());
  pad.addEventListener('endStroke', () => {
    const strokes = pad.toData();
    show(changed(history, [...strokes.slice(0, -1), withLastPiece(strokes.at(-1))]));
  });

  part('undo').addEventListener('click', () => show(undo(history)));
  part('redo').addEventListener('click', () => show(redo(history)));
  part('clear').addEventListener('click', () => { show(changed(history, [])); canvas.focus({ preventScroll: true }); });
  sheet.addEventListener('pointerdown', () => sheet.classList.add('is-pointed'), { capture: true });
  panel.addEventListener('keydown', (event) => {
    sheet.classList.remove('is-pointed');
    const step = stepOf(event);
    if (!step) return;
    event.preventDefault();
    show(step(history));
  });
  for (const choice of panel.querySelectorAll('input[name="pen"]')) {
    const take = () => { if (choice.checked) Object.assign(pad, PENS[choice.value]); };
    choice.addEventListener('change', take);
    take();
  }
  new ResizeObserver(fit).observe(sheet);
  window.addEventListener('resize', fit); // also fires when the zoom, and so devicePixelRatio, changes
  window.addEventListener('online', () => reading.now());
  fit();
}

function stepOf(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? redo : undo;
  return key === 'y' ? redo : null;
}
