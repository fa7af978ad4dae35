// A place on a picture, moved with mouse, finger or arrow keys, with a box that shows it.

import { ARROWS } from '../arrows.js';
import { html } from '../dom.js';

/**
 * @param {HTMLCanvasElement} picture of side x side cells
 * @param {{side: number, reach: number, label: string, onMove: (row: number, column: number) => void}} options `reach`:
 *   how many cells the box spans to each side of the place
 * @returns {{element: HTMLElement, moveTo: (row: number, column: number) => void}}
 */
export function cursorOn(picture, { side, reach, label, onMove }) {
  const box = html('span', { class: 'cursor-box', 'aria-hidden': 'true' });
  const element = html('div', { class: 'cursor', dir: 'ltr', tabindex: 0, role: 'group', 'aria-label': label }, picture, box);
  const place = { row: 0, column: 0 };
  const moveTo = (row, column) => {
    place.row = Math.min(side - 1, Math.max(0, row));
    place.column = Math.min(side - 1, Math.max(0, column));
    const percent = (cells) => `${(100 * cells) / side}%`;
    Object.assign(box.style, {
      top: percent(place.row - reach), left: percent(place.column - reach), width: percent(2 * reach + 1), height: percent(2 * reach + 1),
    });
    onMove(place.row, place.column);
  };
  const follow = (event) => {
    const { left, top, width, height } = picture.getBoundingClientRect();
    moveTo(Math.floor((side * (event.clientY - top)) / height), Math.floor((side * (event.clientX - left)) / width));
  };
  element.addEventListener('pointermove', (event) => { if (event.pointerType === 'mouse' || event.buttons) follow(event); });
  element.addEventListener('pointerdown', follow);
  element.addEventListener('keydown', (event) => {
    const step = ARROWS[event.key];
    if (!step || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const far = event.shiftKey ? 5 : 1;
    moveTo(place.row + far * step[0], place.column + far * step[1]);
  });
  return { element, moveTo };
}
