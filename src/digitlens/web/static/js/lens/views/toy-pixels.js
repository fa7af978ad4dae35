// Chapter 1: the numbers of a digit, around the place that one points at, and with fewer greys.

import { html } from '../../dom.js';
import { percent } from '../../format.js';
import { firstRim } from '../../learn/convolution.js';
import { cursorOn } from '../../learn/cursor.js';
import { t } from '../../words.js';
import { PIXELS, SIDE } from '../frames.js';
import { drawFrame, pictureOf } from '../pictures.js';

const REACH = 3;
const LEVELS = [256, 16, 4, 2];

export function mount(place, lens) {
  const picture = pictureOf(t('Your digit'));
  const around = html('table', { class: 'numbers around', dir: 'ltr', 'aria-hidden': 'true' });
  const all = html('table', { class: 'numbers' });
  const here = html('p', { class: 'toy-words', role: 'status' });
  const answer = html('p', { class: 'toy-words' });
  let [bytes, levels, at] = [new Uint8Array(PIXELS), LEVELS[0], [0, 0]];
  const cursor = cursorOn(picture, {
    side: SIDE, reach: REACH, label: t('Your digit: move with the arrow keys'),
    onMove(row, column) {
      at = [row, column];
      around.replaceChildren(...cells(row - REACH, column - REACH, 2 * REACH + 1, bytes));
      around.rows[REACH]?.cells[REACH]?.classList.add('here');
      here.textContent = t('Row {row}, column {column}: {grey} of 255.', { row: row + 1, column: column + 1, grey: bytes[row * SIDE + column] });
    },
  });
  const show = async () => {
    const frame = withLevels(lens.frame, levels);
    drawFrame(picture, frame);
    bytes = Uint8Array.from(frame, (value) => Math.round(255 * value));
    all.replaceChildren(...cells(0, 0, SIDE, bytes));
    cursor.moveTo(...at);
    answer.textContent = '';
    const { probabilities } = await lens.classify(frame);
    const best = probabilities.indexOf(Math.max(...probabilities));
    const values = { levels, sure: percent(probabilities[best]), digit: best };
    answer.textContent = best > 9 ? t('With {levels} greys the network says “not a digit”, {sure}.', values) : t('With {levels} greys the network reads {digit}, {sure}.', values);
  };
  place.replaceChildren(
    html('div', { class: 'toy-columns' }, cursor.element, html('div', {}, around, here)),
    html('fieldset', { class: 'picks' }, html('legend', {}, t('How many different greys?')),
      ...LEVELS.map((count) => choice('levels', count, count === levels, () => { levels = count; show(); }))),
    answer,
    html('details', { class: 'fold' }, html('summary', {}, t('All 784 numbers')),
      html('div', { class: 'numbers-scroll', tabindex: 0, role: 'region', 'aria-label': t('All 784 numbers'), dir: 'ltr' }, all)),
  );
  let shown = null;
  lens.subscribe(({ frame }) => {
    if (frame === shown) return undefined;
    if (!shown) at = firstRim(frame);
    shown = frame;
    return show();
  });
}

function choice(name, value, checked, choose) {
  const input = html('input', { type: 'radio', name, value, checked });
  input.addEventListener('change', choose);
  return html('label', { class: 'pick' }, input, String(value));
}

function cells(top, left, side, bytes) {
  return Array.from({ length: side }, (_, y) => html('tr', {}, ...Array.from({ length: side }, (__, x) => {
    const [row, column] = [top + y, left + x];
    if (row < 0 || column < 0 || row >= SIDE || column >= SIDE) return html('td', { class: 'beyond' });
    const grey = bytes[row * SIDE + column];
    return html('td', { class: `g${Math.ceil(grey / 16)}` }, String(grey));
  })));
}

/** The frame with so many evenly spaced greys. */
function withLevels(frame, levels) {
  return Float32Array.from(frame, (value) => Math.round((255 * Math.round(value * (levels - 1))) / (levels - 1)) / 255);
}
