// The patch, the kernel and the products as three small pictures: what a convolution does, seen at once.

import { html } from '../dom.js';
import { drawValues, pictureOf } from './pictures.js';
import { drawSigned } from './signed.js';
import { number } from './numbers.js';
import { t } from '../words.js';

/** @param {{cells: object[], rows: number, columns: number, sum: number}} group @param {{low, high}} range of the layer below */
export function kernelPictures({ cells, rows, columns, sum }, range) {
  const list = (name) => cells.map((cell) => number(cell[name], 2)).join(' ');
  const picture = (label, draw) => {
    const canvas = pictureOf(label);
    draw(canvas);
    return canvas;
  };
  const weights = cells.map(({ weight }) => weight);
  const products = cells.map(({ product }) => product);
  const figure = (canvas, words) => html('figure', { class: 'kernel-picture' }, canvas, html('figcaption', {}, words));
  return html('div', { class: 'kernel-pictures', dir: 'ltr' },
    figure(picture(t('Patch: {values}', { values: list('input') }), (canvas) => drawValues(canvas, cells.map(({ input }) => input), columns, rows, range)), t('patch')),
    html('span', { 'aria-hidden': 'true' }, '×'),
    figure(picture(t('Kernel: {values}', { values: list('weight') }), (canvas) => drawSigned(canvas, weights, columns, rows)), t('kernel')),
    html('span', { 'aria-hidden': 'true' }, '='),
    figure(picture(t('Products: {values}; sum {sum}', { values: list('product'), sum: number(sum, 3) }), (canvas) => drawSigned(canvas, products, columns, rows)), t('products')));
}
