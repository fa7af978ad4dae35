// Erase and draw on a frame with finger, mouse or keys.

import { ARROWS } from '../../arrows.js';
import { html, svg } from '../../dom.js';
import { t } from '../../words.js';
import { SIDE } from '../frames.js';
import { number } from '../numbers.js';
import { drawFrame, pictureOf } from '../pictures.js';
import { dab, stroke } from '../transforms.js';

const RADII = { fine: 0.75, broad: 1.75 };

/**
 * A frame that can be painted on.
 * @param {() => void} onPaint hears of every change of `paint`
 * @returns {{element: HTMLElement, tools: HTMLElement, paint: Float32Array, show: (frame, words) => void, clear: () => void}}
 */
export function makeBrush(onPaint) {
  const paint = new Float32Array(SIDE * SIDE);
  const canvas = pictureOf('', 'pixels brush-canvas');
  canvas.setAttribute('aria-hidden', 'true'); // its words stand in the label of the sheet
  canvas.removeAttribute('role');
  const ring = svg('circle', { class: 'brush-ring', cx: 14.5, cy: 14.5, r: RADII.broad, hidden: true });
  const sheet = html('div', {
    class: 'brush-sheet', tabindex: '0', role: 'application', dir: 'ltr', 'aria-roledescription': t('painting area'),
  }, canvas, svg('svg', { viewBox: `0 0 ${SIDE} ${SIDE}`, 'aria-hidden': 'true', focusable: 'false' }, ring));
  const place = html('p', { class: 'visually-hidden', role: 'status' });
  const tools = toolsOf();
  const chosen = (name) => tools.querySelector(`input[name="${name}"]:checked`).value;
  const sign = () => (chosen('brush-kind') === 'draw' ? 1 : -1);
  const radius = () => RADII[chosen('brush-size')];
  let [shown, at, last] = [new Float32Array(SIDE * SIDE), { x: 14.5, y: 14.5 }, null];

  function pointOf(event) {
    const box = canvas.getBoundingClientRect();
    return { x: (SIDE * (event.clientX - box.left)) / box.width, y: (SIDE * (event.clientY - box.top)) / box.height };
  }

  function showRing(point) {
    at = point;
    ring.setAttribute('cx', point.x);
    ring.setAttribute('cy', point.y);
    ring.setAttribute('r', radius() + 0.25);
    ring.removeAttribute('hidden');
  }

  sheet.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    sheet.setPointerCapture(event.pointerId);
    last = pointOf(event);
    showRing(last);
    dab(paint, last.x, last.y, radius(), sign());
    onPaint();
  });
  sheet.addEventListener('pointermove', (event) => {
    const point = pointOf(event);
    showRing(point);
    if (!last) return;
    stroke(paint, last, point, radius(), sign());
    last = point;
    onPaint();
  });
  for (const end of ['pointerup', 'pointercancel']) sheet.addEventListener(end, () => { last = null; });
  sheet.addEventListener('pointerleave', () => { if (!sheet.matches(':focus-visible')) ring.setAttribute('hidden', ''); });
  sheet.addEventListener('focus', () => { if (sheet.matches(':focus-visible')) showRing(at); });
  sheet.addEventListener('blur', () => ring.setAttribute('hidden', ''));
  sheet.addEventListener('keydown', (event) => {
    const step = ARROWS[event.key];
    if (!step && event.key !== ' ') return;
    event.preventDefault();
    if (step) {
      const inside = (value) => Math.min(SIDE - 0.5, Math.max(0.5, Math.floor(value) + 0.5));
      showRing({ x: inside(at.x + step[1]), y: inside(at.y + step[0]) });
    } else {
      dab(paint, at.x, at.y, radius(), sign());
      onPaint();
    }
    const [row, column] = [Math.floor(at.y), Math.floor(at.x)];
    place.textContent = t('Row {row}, column {column}: ink {ink} %', {
      row: row + 1, column: column + 1, ink: number(100 * shown[row * SIDE + column]),
    });
  });

  return {
    element: html('div', {}, sheet, place),
    tools,
    paint,
    show(frame, words) {
      shown = frame;
      drawFrame(canvas, frame);
      sheet.setAttribute('aria-label', t('The changed frame. {answer} Arrow keys move the brush, space paints.', { answer: words }));
    },
    clear() {
      paint.fill(0);
    },
  };
}

function toolsOf() {
  const choice = (name, value, label, checked) => html('label', { class: 'choice' },
    html('input', { type: 'radio', name, value, checked }), html('span', {}, label));
  const group = (legend, ...choices) => html('fieldset', { class: 'choices' }, html('legend', { class: 'visually-hidden' }, legend), ...choices);
  return html('div', { class: 'brush-tools' },
    group(t('What the brush does'), choice('brush-kind', 'erase', t('Erase'), true), choice('brush-kind', 'draw', t('Draw'))),
    group(t('Size of the brush'), choice('brush-size', 'broad', t('Broad'), true), choice('brush-size', 'fine', t('Fine'))));
}
