// One map, large: a unit in it is chosen by finger, mouse or arrow keys.

import { ARROWS } from '../arrows.js';
import { html } from '../dom.js';
import { sizeOf } from './layer-words.js';
import { drawValues } from './pictures.js';

/**
 * @param {{onChoose: (place: {row, column, channel}) => void}} options
 * @returns {{element: HTMLElement, show: (activation, place, {range, label}) => void}}
 */
export function makeMapView({ onChoose }) {
  const canvas = html('canvas', { class: 'pixels', 'aria-hidden': 'true' });
  const ring = html('div', { class: 'map-ring' });
  const element = html('div', { class: 'map-view', tabindex: '0', role: 'application', dir: 'ltr' }, canvas, ring);
  let sides = { width: 1, height: 1 };
  let at = { row: 0, column: 0 };
  let toPlace = null;
  let last = 0; // index of the last unit: a folded row may end before its picture does

  function show(activation, place, { range, label }) {
    const { width, height, channels } = sizeOf(activation.shape);
    const isRow = width * height === 1;
    sides = isRow ? foldedSides(channels) : { width, height };
    last = (isRow ? channels : width * height) - 1;
    at = isRow ? { row: Math.floor(place.channel / sides.width), column: place.channel % sides.width } : place;
    toPlace = isRow
      ? ({ row, column }) => ({ row: 0, column: 0, channel: row * sides.width + column })
      : ({ row, column }) => ({ row, column, channel: place.channel });
    const values = new Float32Array(sides.width * sides.height).fill(range.low);
    for (let index = 0; index <= last; index += 1) values[index] = activation.values[isRow ? index : index * channels + place.channel];
    drawValues(canvas, values, sides.width, sides.height, range);
    element.setAttribute('aria-label', label);
    element.style.aspectRatio = `${sides.width} / ${sides.height}`;
    Object.assign(ring.style, {
      left: `${(100 * at.column) / sides.width}%`, top: `${(100 * at.row) / sides.height}%`,
      width: `${100 / sides.width}%`, height: `${100 / sides.height}%`,
    });
  }

  function choose(row, column) {
    const isInside = row >= 0 && column >= 0 && row < sides.height && column < sides.width && row * sides.width + column <= last;
    if (isInside && (row !== at.row || column !== at.column)) onChoose(toPlace({ row, column }));
  }

  function chooseUnder({ clientX, clientY }) {
    const box = element.getBoundingClientRect();
    choose(Math.floor(((clientY - box.top) / box.height) * sides.height), Math.floor(((clientX - box.left) / box.width) * sides.width));
  }

  element.addEventListener('pointerdown', (event) => {
    chooseUnder(event);
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener('pointermove', (event) => { if (event.buttons) chooseUnder(event); });
  element.addEventListener('keydown', (event) => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    choose(at.row + step[0], at.column + step[1]);
  });
  return { element, show };
}

/** A long row of numbers, folded into a picture that is about as high as wide. */
function foldedSides(count) {
  const width = Math.ceil(Math.sqrt(count));
  return { width, height: Math.ceil(count / width) };
}
