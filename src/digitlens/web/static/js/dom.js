// Makes elements. Text is always set as text, never as markup.

const SVG = 'http://www.w3.org/2000/svg';

/** `html('p', {class: 'muted'}, 'words', child)`; an attribute that is null or false is left out. */
export const html = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);

/** The same for elements inside an <svg>. */
export const svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);

function fill(element, attributes = {}, children = []) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** An icon in the stroke style of the pages; `path` is the `d` of a 24 x 24 drawing. */
export const icon = (path) =>
  svg('svg', { class: 'icon', viewBox: '0 0 24 24', 'aria-hidden': 'true', focusable: 'false' }, svg('path', { d: path }));

export const ICONS = {
  alert: 'M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5m0 2.5v.01',
  keep: 'M6 4h12v16l-6-4.5L6 20V4Z',
  device: 'M8 3h8a1.5 1.5 0 0 1 1.5 1.5v15A1.5 1.5 0 0 1 16 21H8a1.5 1.5 0 0 1-1.5-1.5v-15A1.5 1.5 0 0 1 8 3Zm2.8 15h2.4',
  server: 'M5 4h14v6H5V4Zm0 10h14v6H5v-6Zm3-7v.01M8 17v.01',
};
