// Signed numbers over a frame: filled cells speak for, hatched ones against, so that it reads without colours, too.

import { ARROWS } from '../../arrows.js';
import { html, svg } from '../../dom.js';
import { t } from '../../words.js';
import { SIDE } from '../frames.js';

const FAINTEST = 0.03; // of the largest; less would only look like dirt
let count = 0;

/**
 * A picture whose places can be pointed at, tapped, and visited with the arrow keys.
 * @param {(place: number) => void} onPlace hears which pixel (0 to 783) was chosen
 */
export function makeEvidencePicture(onPlace) {
  const id = `against-${count += 1}`;
  const cells = svg('g', {});
  const outline = svg('path', { class: 'evidence-outline', 'vector-effect': 'non-scaling-stroke' });
  const ring = svg('rect', { class: 'evidence-ring', width: 1, height: 1, hidden: true, 'vector-effect': 'non-scaling-stroke' });
  const picture = svg('svg', { viewBox: `0 0 ${SIDE} ${SIDE}`, 'aria-hidden': 'true', focusable: 'false' },
    svg('defs', {}, svg('pattern', { id, width: 0.5, height: 0.5, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      svg('rect', { class: 'hatch-ground', width: 0.5, height: 0.5 }), svg('rect', { class: 'hatch-line', width: 0.24, height: 0.5 }))),
    cells, outline, ring);
  const sheet = html('div', { class: 'evidence-sheet', tabindex: '0', role: 'application', dir: 'ltr', 'aria-roledescription': t('picture with places') }, picture);
  let chosen = 14 * SIDE + 14;

  function choose(row, column) {
    const inside = (value) => Math.min(SIDE - 1, Math.max(0, value));
    chosen = inside(row) * SIDE + inside(column);
    ring.setAttribute('x', inside(column));
    ring.setAttribute('y', inside(row));
    ring.removeAttribute('hidden');
    onPlace(chosen);
  }

  function point(event) {
    const box = picture.getBoundingClientRect();
    choose(Math.floor((SIDE * (event.clientY - box.top)) / box.height), Math.floor((SIDE * (event.clientX - box.left)) / box.width));
  }
  sheet.addEventListener('pointermove', (event) => { if (event.pointerType === 'mouse') point(event); });
  sheet.addEventListener('pointerdown', point);
  sheet.addEventListener('keydown', (event) => {
    const step = ARROWS[event.key];
    if (!step) return;
    event.preventDefault();
    choose(Math.floor(chosen / SIDE) + step[0], (chosen % SIDE) + step[1]);
  });

  return {
    element: sheet,
    /**
     * @param {Float32Array} frame (784,), drawn as an outline
     * @param {ArrayLike<number>} values (side * side,) signed
     * @param {string} label the text alternative, with the numbers
     */
    show(frame, values, label) {
      const side = Math.round(Math.sqrt(values.length));
      const size = SIDE / side;
      const largest = Math.max(1e-9, ...Array.from(values, Math.abs));
      const drawn = [];
      for (let place = 0; place < values.length; place += 1) {
        const strength = Math.abs(values[place]) / largest;
        if (strength < FAINTEST) continue;
        drawn.push(svg('rect', {
          class: values[place] > 0 ? 'evidence-for' : 'evidence-against',
          fill: values[place] > 0 ? null : `url(#${id})`,
          x: (place % side) * size, y: Math.floor(place / side) * size, width: size, height: size,
          opacity: (0.12 + 0.88 * strength).toFixed(3),
        }));
      }
      cells.replaceChildren(...drawn);
      outline.setAttribute('d', outlineOf(frame));
      ring.setAttribute('hidden', '');
      sheet.setAttribute('aria-label', label);
    },
  };
}

/** The edges between pixels that are more and less than half inked. */
function outlineOf(frame) {
  const inked = (row, column) => row >= 0 && column >= 0 && row < SIDE && column < SIDE && frame[row * SIDE + column] >= 0.5;
  const pieces = [];
  for (let row = 0; row <= SIDE; row += 1) {
    for (let column = 0; column <= SIDE; column += 1) {
      if (inked(row, column) !== inked(row - 1, column)) pieces.push(`M${column} ${row}h1`);
      if (inked(row, column) !== inked(row, column - 1)) pieces.push(`M${column} ${row}v1`);
    }
  }
  return pieces.join('');
}
