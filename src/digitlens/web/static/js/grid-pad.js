// A digit drawn cell by cell: with the keyboard alone, and with a finger or the mouse.

import { html } from './dom.js';
import { afterKey, drawTo, emptyGrid, hasInk, isEmpty, lift, moveTo } from './grid.js';
import { SIDE } from './lens/frames.js';
import { t } from './words.js';

let count = 0;

/**
 * Put a grid into `place`.
 * @param {{onInk: (values: Float32Array, width: number, height: number) => void}} options `onInk` hears of every change:
 *   28 x 28 values, 1 where there is ink
 * @returns {{clear: () => void, focus: () => void, isEmpty: () => boolean, ink: () => Float32Array}}
 */
export function mountGrid(place, { onInk }) {
  let grid = emptyGrid();
  const help = `grid-help-${(count += 1)}`;
  const canvas = html('canvas', {
    class: 'grid-canvas', tabindex: 0, role: 'application', 'aria-roledescription': t('drawing grid'),
    'aria-label': t('28 rows and 28 columns. Draw one digit.'), 'aria-describedby': help,
  });
  const said = html('p', { class: 'grid-where small', role: 'status', 'aria-live': 'polite' });
  const pen = html('button', { class: 'button', type: 'button', 'aria-pressed': 'false' }, t('Pen down'));
  const clear = html('button', { class: 'button', type: 'button' }, t('Clear'));
  place.replaceChildren(html('div', { class: 'grid-pad', dir: 'ltr' }, canvas),
    html('div', { class: 'grid-side' }, helpOf(help), html('div', { class: 'buttons' }, pen, clear), said));

  function show(next) {
    const isChanged = next.ink.some((value, index) => value !== grid.ink[index]);
    grid = next;
    pen.setAttribute('aria-pressed', String(grid.isPenDown));
    said.textContent = hasInk(grid)
      ? t('Row {row}, column {column}: ink', { row: grid.row + 1, column: grid.column + 1 })
      : t('Row {row}, column {column}: paper', { row: grid.row + 1, column: grid.column + 1 });
    paint(canvas, grid);
    if (isChanged) onInk(Float32Array.from(grid.ink), SIDE, SIDE);
  }

  canvas.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const next = afterKey(grid, event.key, event.shiftKey);
    if (!next) return;
    event.preventDefault();
    show(next);
  });
  followPointer(canvas, () => grid, show);
  pen.addEventListener('click', () => { show(lift(grid, !grid.isPenDown)); canvas.focus(); });
  clear.addEventListener('click', () => { show(afterKey(grid, 'Delete')); canvas.focus(); });
  for (const name of ['focus', 'blur']) canvas.addEventListener(name, () => paint(canvas, grid));
  new ResizeObserver(() => paint(canvas, grid)).observe(canvas);
  return {
    clear: () => show(afterKey(grid, 'Delete')),
    focus: () => canvas.focus(),
    isEmpty: () => isEmpty(grid),
    ink: () => Float32Array.from(grid.ink),
  };
}

function helpOf(id) {
  const keys = [
    [['↑', '↓', '←', '→'], t('move')],
    [[t('Shift'), '↑ ↓ ← →'], t('draw while moving')],
    [[t('Space')], t('ink on or off')],
    [['P'], t('pen down or up')],
    [[t('Delete')], t('clear')],
  ];
  return html('ul', { class: 'grid-help small', id }, ...keys.map(([names, words]) =>
    html('li', {}, html('span', { class: 'grid-keys', dir: 'ltr' }, ...names.map((name) => html('kbd', {}, name))), ` ${words}`)));
}

/** A stroke inks, or wipes where it begins on ink. */
function followPointer(canvas, current, show) {
  let value = null; // what the stroke under way puts down
  const cellAt = (event) => {
    const box = canvas.getBoundingClientRect();
    const cell = (offset, length) => Math.min(SIDE - 1, Math.max(0, Math.floor((SIDE * offset) / length)));
    return [cell(event.clientY - box.top, box.height), cell(event.clientX - box.left, box.width)];
  };
  canvas.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || value !== null) return;
    canvas.setPointerCapture(event.pointerId);
    const start = moveTo(current(), ...cellAt(event));
    value = hasInk(start) ? 0 : 1;
    show(drawTo(start, start.row, start.column, value));
  });
  canvas.addEventListener('pointermove', (event) => {
    if (value === null) return;
    const [row, column] = cellAt(event);
    if (row !== current().row || column !== current().column) show(drawTo(current(), row, column, value));
  });
  for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, () => { value = null; });
}

/** Paper, lines, ink and the cursor, sharp at any size. */
function paint(canvas, grid) {
  const ratio = Math.max(1, globalThis.devicePixelRatio || 1);
  const cell = Math.max(1, Math.floor((canvas.clientWidth * ratio) / SIDE));
  canvas.width = canvas.height = cell * SIDE;
  const context = canvas.getContext('2d');
  const style = getComputedStyle(canvas);
  const fill = (name, ...box) => { context.fillStyle = style.getPropertyValue(name); context.fillRect(...box); };
  fill('--paper', 0, 0, canvas.width, canvas.height);
  for (let line = 1; line < SIDE; line += 1) {
    const name = line % 7 === 0 ? '--grid-line-strong' : '--grid-line';
    fill(name, line * cell, 0, 1, canvas.height);
    fill(name, 0, line * cell, canvas.width, 1);
  }
  grid.ink.forEach((value, index) => {
    if (value) fill('--pen', (index % SIDE) * cell, Math.floor(index / SIDE) * cell, cell, cell);
  });
  if (document.activeElement === canvas) paintCursor(context, grid, cell, style, Math.max(2, Math.round(2 * ratio)));
}

/** A frame around the cell, light within dark, so that it shows on ink and on paper. */
function paintCursor(context, { row, column, isPenDown }, cell, style, width) {
  const frame = (inset, name, thickness) => {
    context.strokeStyle = style.getPropertyValue(name);
    context.lineWidth = thickness;
    context.strokeRect(column * cell + inset, row * cell + inset, cell - 2 * inset, cell - 2 * inset);
  };
  frame(-width / 2, '--paper', 3 * width);
  frame(-width / 2, isPenDown ? '--box-doubtful' : '--box', 2 * width);
}
