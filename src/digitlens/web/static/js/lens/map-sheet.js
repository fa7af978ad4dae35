// All maps of a layer on one canvas, and a list over it in which one of them is chosen by finger, mouse or arrow keys.

import { html } from '../dom.js';
import { sizeOf } from './layer-words.js';
import { number } from './numbers.js';
import { drawValues, fillGrey } from './pictures.js';
import { t } from '../words.js';

const GAP = 4; // px between two maps
const PREVIEW_CELL = 30;

/** The smallest and the largest value. @returns {{low: number, high: number}} */
export function rangeOf({ values }) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/**
 * The range of greys in which the maps of a layer are shown: its few largest values, one in a hundred of those that are
 * not the smallest, are all white, or the rest would be too dark to see.
 * @returns {{low: number, high: number, most: number}} `most` is the largest value, at or above `high`
 */
export function greysOf({ values }) {
  const { low, high: most } = rangeOf({ values });
  const above = values.filter((value) => value > low).sort();
  const high = above.length > 100 ? above[Math.floor(0.99 * above.length)] : most;
  return { low, high, most };
}

/** Smallest, mean and largest value of one channel. */
export function channelFacts({ values, shape }, channel) {
  const { channels } = sizeOf(shape);
  let [low, high, sum, count] = [Infinity, -Infinity, 0, 0];
  for (let at = channel; at < values.length; at += channels) {
    low = Math.min(low, values[at]);
    high = Math.max(high, values[at]);
    sum += values[at];
    count += 1;
  }
  return { low, high, mean: sum / count };
}

/** The channel with the largest mean, and the place of its largest value. @returns {{row, column, channel}} */
export function strongestPlace({ values, shape }) {
  const { width, channels } = sizeOf(shape);
  const sums = new Float64Array(channels);
  values.forEach((value, at) => { sums[at % channels] += value; });
  const channel = sums.indexOf(Math.max(...sums));
  let best = channel;
  for (let at = channel; at < values.length; at += channels) if (values[at] > values[best]) best = at;
  const spot = Math.floor(best / channels);
  return { row: Math.floor(spot / width), column: spot % width, channel };
}

/** How many maps stand in a row of `width` px: so many that rows are full, where that does not make them too large. */
function columnsFor(channels, width) {
  const most = Math.max(1, Math.min(channels, Math.floor((width + GAP) / ((width < 480 ? 34 : 42) + GAP))));
  for (let columns = most; columns > 0.7 * most; columns -= 1) if (channels % columns === 0) return columns;
  return most;
}

/** Draw maps side by side in rows; `cell` and the gap are CSS px. */
export function drawSheet(canvas, activation, { columns, count, cell, range }) {
  const { width, height, channels } = sizeOf(activation.shape);
  const ratio = Math.max(window.devicePixelRatio || 1, 1);
  const rows = Math.ceil(count / columns);
  const [sheetWidth, sheetHeight] = [columns * (cell + GAP) - GAP, rows * (cell + GAP) - GAP];
  canvas.width = Math.round(sheetWidth * ratio);
  canvas.height = Math.round(sheetHeight * ratio);
  canvas.style.width = `${sheetWidth}px`;
  canvas.style.height = `${sheetHeight}px`;
  const stack = new OffscreenCanvas(width, height * count); // all maps, one below the other, a pixel a value
  const image = new ImageData(width, height * count);
  for (let map = 0; map < count; map += 1) {
    fillGrey(image.data, 4 * width, activation.values, width, height, { ...range, start: 4 * map * width * height, step: channels, first: map });
  }
  stack.getContext('2d').putImageData(image, 0, 0);
  const context = canvas.getContext('2d');
  context.imageSmoothingEnabled = false;
  for (let map = 0; map < count; map += 1) {
    const left = Math.round((map % columns) * (cell + GAP) * ratio);
    const top = Math.round(Math.floor(map / columns) * (cell + GAP) * ratio);
    context.drawImage(stack, 0, map * height, width, height, left, top, Math.round(cell * ratio), Math.round(cell * ratio));
  }
}

/** The first maps of a layer, as many as fit into one row of `width` px; a long row of numbers as a strip. */
export function drawPreview(canvas, activation, width, range) {
  const { width: columnsOfMap, height, channels } = sizeOf(activation.shape);
  if (columnsOfMap * height === 1 && channels > 16) {
    drawStrip(canvas, activation.values, Math.min(width, 420), range);
    return;
  }
  const columns = Math.max(1, Math.min(channels, Math.floor((width + GAP) / (PREVIEW_CELL + GAP))));
  drawSheet(canvas, activation, { columns, count: columns, cell: PREVIEW_CELL, range });
}

/** Numbers as a strip of `width` px; a pixel shows the largest of those that fall on it. */
function drawStrip(canvas, values, width, range) {
  const count = Math.min(values.length, Math.round(width));
  const most = new Float32Array(count).fill(range.low);
  values.forEach((value, at) => {
    const column = Math.floor((at * count) / values.length);
    most[column] = Math.max(most[column], value);
  });
  drawValues(canvas, most, count, 1, range);
  canvas.style.width = `${width}px`;
  canvas.style.height = `${PREVIEW_CELL}px`;
}

/**
 * A list of all maps of a layer.
 * @param {{onChoose: (channel: number) => void}} options
 * @returns {{element: HTMLElement, show: (activation, {range, chosen, knocked, label}) => void}}
 */
export function makeMapSheet({ onChoose }) {
  const canvas = html('canvas', { 'aria-hidden': 'true', dir: 'ltr' });
  const list = html('div', { class: 'maps-list', role: 'listbox', tabindex: '0', dir: 'ltr' });
  const element = html('div', { class: 'maps-sheet' }, canvas, list);
  let shown = null;
  let columns = 1;

  function show(activation, options) {
    const isSame = shown?.activation === activation && shown.range === options.range;
    shown = { activation, ...options };
    list.setAttribute('aria-label', options.label);
    if (!isSame) {
      fillList();
      layOut();
    }
    mark();
  }

  function fillList() {
    const { channels } = sizeOf(shown.activation.shape);
    list.replaceChildren(...Array.from({ length: channels }, (_, channel) => {
      const { low, high, mean } = channelFacts(shown.activation, channel);
      const words = t('Map {number}: {low} to {high}, mean {mean}', {
        number: number(channel + 1), low: number(low, 2), high: number(high, 2), mean: number(mean, 3),
      });
      return html('div', { role: 'option', id: `${shown.id}-${channel}`, 'aria-label': words, title: words });
    }));
  }

  function layOut() {
    if (!shown || !element.clientWidth) return;
    const { channels } = sizeOf(shown.activation.shape);
    columns = columnsFor(channels, element.clientWidth);
    const cell = Math.min(64, Math.floor((element.clientWidth + GAP) / columns) - GAP);
    drawSheet(canvas, shown.activation, { columns, count: channels, cell, range: shown.range });
    list.style.gridTemplateColumns = `repeat(${columns}, ${cell}px)`;
    list.style.gridAutoRows = `${cell}px`;
    list.style.gap = `${GAP}px`;
  }

  function mark() {
    [...list.children].forEach((option, channel) => {
      option.setAttribute('aria-selected', String(channel === shown.chosen));
      option.classList.toggle('is-knocked', shown.knocked?.has(channel) ?? false);
    });
    list.setAttribute('aria-activedescendant', `${shown.id}-${shown.chosen}`);
  }

  list.addEventListener('click', ({ target }) => {
    const channel = [...list.children].indexOf(target);
    if (channel >= 0) onChoose(channel);
  });
  list.addEventListener('keydown', (event) => {
    const count = list.childElementCount;
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -count, End: count }[event.key];
    if (!step) return;
    event.preventDefault();
    const wanted = Math.abs(step) === count ? (step > 0 ? count - 1 : 0) : shown.chosen + step;
    if (wanted >= 0 && wanted < count) onChoose(wanted);
  });
  new ResizeObserver(layOut).observe(element);
  return { element, show };
}
