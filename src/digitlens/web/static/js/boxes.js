// Boxes over a picture: drawn for the pad, given by the server on the result page.

import { svg } from './dom.js';
import { labelPlace, visibleBox } from './geometry.js';

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

/** Keep the boxes and labels of a server-made overlay readable at any size of the picture. */
export function keepReadable(overlay) {
  const marks = [...overlay.children].map((mark) => {
    const { x, y, width, height } = mark.querySelector('.edge').getBBox();
    return { mark, box: [x, y, width, height] };
  });
  const place = () => {
    const page = overlay.viewBox.baseVal;
    const scale = Math.min(overlay.clientWidth / page.width, overlay.clientHeight / page.height);
    if (!scale) return;
    for (const { mark, box } of marks) {
      const [x, y, width, height] = visibleBox(box, scale);
      for (const rectangle of mark.querySelectorAll('rect')) setAll(rectangle, { x, y, width, height });
      const { size, ...point } = labelPlace([x, y, width, height], scale);
      for (const label of mark.querySelectorAll('text')) setAll(label, { ...point, 'font-size': size });
    }
  };
  new ResizeObserver(place).observe(overlay);
}

function setAll(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
}
