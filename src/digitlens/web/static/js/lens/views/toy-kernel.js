// Chapter 3: a 3 x 3 kernel slides over the digit; its weights can be changed, and the sums are written out.

import { html } from '../../dom.js';
import { KERNELS, convolve, firstRim, patchAt, sumAt } from '../../learn/convolution.js';
import { cursorOn } from '../../learn/cursor.js';
import { t } from '../../words.js';
import { SIDE } from '../frames.js';
import { number, signed } from '../numbers.js';
import { drawFrame, pictureOf } from '../pictures.js';
import { drawSigned } from '../signed.js';

export async function mount(place, lens) {
  const picture = pictureOf(t('Your digit'));
  const map = pictureOf(t('The feature map'));
  const state = { kernel: [...KERNELS.left], bias: 0, row: 0, column: 0 };
  const weights = KERNELS.left.map((_, index) => weightField(index, (value) => { state.kernel[index] = value; select.value = 'own'; show(); }));
  const products = html('table', { class: 'products', dir: 'ltr' });
  const sum = html('p', { class: 'toy-words', role: 'status' });
  const select = html('select', { id: 'kernel-choice', class: 'select' }, ...options());
  const cursor = cursorOn(picture, {
    side: SIDE, reach: 1, label: t('Your digit: move the kernel with the arrow keys'),
    onMove(row, column) { Object.assign(state, { row, column }); mark.moveTo(row, column); showSum(); },
  });
  const mark = cursorOn(map, { side: SIDE, reach: 0, label: t('The feature map'), onMove() {} });
  mark.element.removeAttribute('tabindex');
  mark.element.classList.add('cursor--still');

  const choose = () => {
    const [group, index] = select.value.split(' ');
    if (group === 'own') return;
    if (group === 'network') Object.assign(state, learned[index]);
    else Object.assign(state, { kernel: [...KERNELS[group]], bias: 0 });
    weights.forEach((input, at) => { input.value = Number(state.kernel[at].toFixed(3)); });
    show();
  };
  select.addEventListener('change', choose);

  function show() {
    if (!lens.frame) return;
    const values = convolve(lens.frame, state.kernel, state.bias);
    drawSigned(map, values, SIDE, SIDE);
    map.setAttribute('aria-label', t('The feature map: from {low} to {high}. Blue is positive, orange negative.', {
      low: signed(Math.min(...values), 2), high: signed(Math.max(...values), 2),
    }));
    showSum();
  }

  function showSum() {
    if (!lens.frame) return;
    const { row, column, kernel, bias } = state;
    const patch = patchAt(lens.frame, row, column);
    const { products: found, sum: total } = sumAt(lens.frame, kernel, bias, row, column);
    products.replaceChildren(...[0, 3, 6].map((start) => html('tr', {}, ...[0, 1, 2].map((step) =>
      html('td', {}, html('span', { class: 'small muted' }, `${number(patch[start + step], 2)} × ${number(kernel[start + step], 2)}`), signed(found[start + step], 2))))));
    sum.textContent = bias
      ? t('Row {row}, column {column}: nine products and the bias {bias} add up to {sum}.', { row: row + 1, column: column + 1, bias: signed(bias, 2), sum: signed(total, 2) })
      : t('Row {row}, column {column}: the nine products add up to {sum}.', { row: row + 1, column: column + 1, sum: signed(total, 2) });
  }

  place.replaceChildren(
    html('div', { class: 'toy-pair', dir: 'ltr' },
      figure(t('Pixels'), cursor.element), figure(t('Sums'), mark.element)),
    html('div', { class: 'toy-columns' },
      html('div', {}, html('label', { class: 'label', for: 'kernel-choice' }, t('Kernel')), select,
        html('div', { class: 'weights', dir: 'ltr', role: 'group', 'aria-label': t('The nine weights') }, ...weights)),
      figure(t('Pixel × weight = product'), products)),
    sum,
    html('p', { class: 'small muted' }, t('Blue sums are positive, striped orange ones negative, white is 0.')),
  );
  choose();
  let started = false;
  lens.subscribe(({ frame }) => {
    drawFrame(picture, frame);
    if (!started) cursor.moveTo(...firstRim(frame));
    started = true;
    show();
  });
  const learned = await kernelsOf(lens.network);
  if (learned.length) select.append(html('optgroup', { label: t('Of this network') }, ...learned.map((_, index) => html('option', { value: `network ${index}` }, t('Kernel {number}', { number: index + 1 })))));
}

function options() {
  const names = { left: t('Left rim'), top: t('Upper rim'), slant: t('Slanting stroke'), outline: t('Outline'), blur: t('Blur'), copy: t('Copy') };
  return [...Object.entries(names).map(([value, name]) => html('option', { value }, name)), html('option', { value: 'own' }, t('My own'))];
}

function weightField(index, change) {
  const input = html('input', {
    type: 'number', step: 'any', class: 'weight',
    'aria-label': t('Weight in row {row}, column {column}', { row: Math.floor(index / 3) + 1, column: (index % 3) + 1 }),
  });
  input.addEventListener('input', () => { if (Number.isFinite(input.valueAsNumber)) change(input.valueAsNumber); });
  return input;
}

const figure = (caption, content) => html('figure', {}, html('figcaption', { class: 'label' }, caption), content);

/** The kernels of the first convolution with their biases; none where they are not 3 x 3 on the frame itself. */
async function kernelsOf(loading) {
  const { layers } = await loading.catch(() => ({ layers: [] }));
  const layer = layers.find(({ kind }) => kind === 'convolution');
  const [height, width, inputs, count] = layer?.kernelShape ?? [];
  if (height !== 3 || width !== 3 || inputs !== 1) return [];
  const { kernel, bias } = layer.weights;
  return Array.from({ length: count }, (_, channel) => ({
    kernel: Array.from({ length: 9 }, (__, place) => kernel[place * count + channel]), bias: bias?.[channel] ?? 0,
  }));
}
