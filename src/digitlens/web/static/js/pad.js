// The drawing pad: strokes in, a reading out, while one writes. The strokes are the data; canvas and PNG only show them.

import SignaturePad from '../vendor/signature_pad/signature_pad.js';
import { fitScale, scaleStrokes, withLastPiece } from './geometry.js';
import { SIDE } from './lens/frames.js';
import { mountGrid } from './grid-pad.js';
import { changed, emptyHistory, mapped, redo, undo } from './history.js';
import { keepStrokes, keptStrokes } from './kept-strokes.js';
import { createLiveReading } from './live-reading.js';
import { prepareInTime } from './pad-reading.js';

const INK = '#1b2440';
const PAPER = '#ffffff';
const CELL = 8; // px of a cell of the grid in its picture
const MARGIN = 7; // cells of paper around them
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

/** The cells of the grid as a PNG: one digit in the middle of its paper. */
function pictureOfCells(ink) {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = CELL * (SIDE + 2 * MARGIN);
  const context = canvas.getContext('2d');
  context.fillStyle = PAPER;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.fillStyle = INK;
  ink.forEach((value, index) => {
    if (value) context.fillRect(CELL * (MARGIN + (index % SIDE)), CELL * (MARGIN + Math.floor(index / SIDE)), CELL, CELL);
  });
  return new Promise((resolve) => { canvas.toBlob(resolve, 'image/png'); });
}

/** Bring the panel to life. */
export function startPad(panel) {
  const part = (name) => panel.querySelector(`[data-${name}]`);
  const sheet = part('pad');
  const canvas = sheet.querySelector('canvas');
  const pad = new SignaturePad(canvas, { penColor: INK, minDistance: 2, throttle: 8, ...PENS.normal });
  const kept = keptStrokes();
  let history = kept ? changed(emptyHistory(), kept.strokes) : emptyHistory();

  let fitted = kept; // size and pixel ratio that the canvas was last made for

  const size = () => ({ width: sheet.clientWidth, height: sheet.clientHeight });
  const picture = () => renderPng(pad.toData(), size().width, size().height);

  const live = createLiveReading(panel);
  const strokes = {
    hasBoxes: true,
    isEmpty: () => pad.isEmpty(),
    picture,
    size,
    readOn: (device, signal) => device.read(pad.toData(), size(), signal),
  };

  /** Show a history: its strokes on the canvas, its possibilities on the buttons; then read it. */
  function show(next) {
    history = next;
    pad.fromData([...history.present]);
    keepStrokes(history.present, size());
    afterChange();
    if (pad.isEmpty()) live.forget();
    else live.now();
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
    if (!pad.isEmpty()) live.later();
  }

  pad.addEventListener('beginStroke', () => {
    canvas.focus({ preventScroll: true });
    part('pad-hint').hidden = true;
    live.cancel();
  });
  pad.addEventListener('afterUpdateStroke', live.moved);
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
    if (!step || sheet.hidden) return;
    event.preventDefault();
    show(step(history));
  });
  for (const choice of panel.querySelectorAll('input[name="pen"]')) {
    const take = () => { if (choice.checked) Object.assign(pad, PENS[choice.value]); };
    choice.addEventListener('change', take);
    take();
  }
  live.setSource(strokes);
  startGrid(panel, live, strokes);
  prepareInTime(panel, live.prepare);
  new ResizeObserver(fit).observe(sheet);
  window.addEventListener('resize', fit); // also fires when the zoom, and so devicePixelRatio, changes
  window.addEventListener('online', () => { live.prepare(); live.now(); });
  fit();
  afterChange();
}

function stepOf(event) {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const key = event.key.toLowerCase();
  if (key === 'z') return event.shiftKey ? redo : undo;
  return key === 'y' ? redo : null;
}

/** The grid for those who draw with the keyboard: a button changes it for the pad and back. */
function startGrid(panel, live, strokes) {
  const button = panel.querySelector('[data-grid-toggle]');
  const place = panel.querySelector('[data-grid]');
  let grid = null;
  const ink = {
    hasBoxes: false,
    isEmpty: () => grid.isEmpty(),
    picture: () => pictureOfCells(grid.ink()),
    size: () => ({ width: SIDE, height: SIDE }),
    readOn: (device) => device.readInk(grid.ink(), SIDE, SIDE),
  };
  button.addEventListener('click', () => {
    const isGrid = place.hidden;
    grid ??= mountGrid(place, { onInk: () => (grid.isEmpty() ? live.forget() : live.moved()) });
    button.setAttribute('aria-pressed', String(isGrid));
    place.hidden = !isGrid;
    for (const part of panel.querySelectorAll('[data-pad], [data-tools]')) part.hidden = isGrid;
    live.setSource(isGrid ? ink : strokes);
    if (isGrid) grid.focus();
  });
}
