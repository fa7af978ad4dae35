// Boxes over a picture: drawn for the pad, given by the server on the result page.

import { svg } from './dom.js';
import { labelPlace } from './geometry.js';

/** Show the digits and rejected marks of a reading in an empty <svg class="boxes"> that lies over the picture. */
export function showBoxes(overlay, { digits, rejected }, width, height) {
  overlay.setAttribute('viewBox', `0 0 ${width} ${height}`);
  overlay.replaceChildren(
    ...rejected.map((box) => svg('g', { class: 'is-rejected' }, ...rectangles(box))),
    ...digits.map((digit) => boxOf(digit, overlay.clientWidth / width || 1)),
  );
}

function boxOf({ value, doubtful, box }, scale) {
  const { x, y, size } = labelPlace(box, scale);
  const label = svg('text', { x, y, 'font-size': size }, `${value}${doubtful ? '?' : ''}`);
  return svg('g', { class: `box${doubtful ? ' is-doubtful' : ''}` }, ...rectangles(box), label);
}

function rectangles([x, y, width, height]) {
  return ['halo', 'edge'].map((name) => svg('rect', { class: name, x, y, width, height, rx: 2 }));
}

/** Keep the labels of a server-made overlay readable at any size of the picture. */
export function keepLabelsReadable(overlay) {
  const place = () => {
    const scale = overlay.clientWidth / overlay.viewBox.baseVal.width;
    if (!scale) return;
    for (const label of overlay.querySelectorAll('text')) {
      const { x, y, width, height } = label.parentNode.querySelector('.edge').getBBox();
      const place = labelPlace([x, y, width, height], scale);
      label.setAttribute('y', place.y);
      label.setAttribute('font-size', place.size);
    }
  };
  new ResizeObserver(place).observe(overlay);
}
