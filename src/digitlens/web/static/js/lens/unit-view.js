// How one unit came to its value, in numbers: the terms, their sum, the bias, the activation; and who uses it.

import { html } from '../dom.js';
import { activationWords } from './layer-words.js';
import { number, signed } from './numbers.js';
import { kernelPictures } from './kernel-pictures.js';
import { t, tn } from '../words.js';

const DIGITS = 4;
const GROUPS_SHOWN = 4; // channels below whose cells are listed one by one
const LINES_SHOWN = 8;

/**
 * @param {object} unit what `explainUnit` gives
 * @param {object[]} users what `usersOf` gives
 * @param {{place: object, layer: object, wording: object, ranges: Map<string, {low, high}>,
 *   go: (layer: string, place: object) => void}} context `go` follows a number to another unit
 */
export function unitView(unit, users, context) {
  const { place, layer, wording } = context;
  return html('div', { class: 'unit' },
    html('h4', { class: 'unit-title' }, wording.unit(layer.name, place), ' ',
      html('output', { class: 'unit-value' }, number(unit.value, DIGITS))),
    ...PARTS[unit.kind](unit, context),
    ...usersPart(users, context));
}

const PARTS = {
  input: () => [html('p', {}, t('A grey value of the frame: 0 is paper, 1 is full ink.'))],

  choice: ({ cells, value, from }, context) => [
    html('p', {}, t('The strongest of these goes on; the others are dropped.')),
    cellGrid(cells, { ...context, from, columns: columnsOf(cells), isBest: (cell) => cell.input === value, isPlain: true }),
    sumTable([[t('the strongest'), number(value, DIGITS), 'is-total']]),
  ],

  mean: ({ cells, value, from }, context) => [
    html('p', {}, tn('The mean of {count} number.', 'The mean of {count} numbers.', cells.length)),
    cellGrid(cells, { ...context, from, columns: columnsOf(cells), isPlain: true }),
    sumTable([
      [t('their sum'), number(cells.reduce((sum, { input }) => sum + input, 0), DIGITS)],
      [t('divided by {count}', { count: number(cells.length) }), number(value, DIGITS), 'is-total'],
    ]),
  ],

  sum(unit, context) {
    const { groups, bias, activation } = unit;
    const isSpread = groups[0].cells.length > 1;
    const shown = groups.slice(0, isSpread ? GROUPS_SHOWN : LINES_SHOWN);
    return [
      html('p', {}, introWords(unit, isSpread)),
      isSpread && html('div', { class: 'groups' }, ...shown.map((group, rank) => groupPart(group, context, rank === 0))),
      (groups.length > 1 || bias !== null || activation || !isSpread) && sumTable(sumRows(unit, shown, isSpread, context)),
      bias !== null && html('p', { class: 'small muted' }, t('If training normalised this layer by batch, that is inside these numbers: at export each kernel was multiplied by γ / √(variance + ε), and the bias became β − mean · γ / √(variance + ε).')),
    ].filter(Boolean);
  },
};

function introWords({ groups }, isSpread) {
  const count = number(groups.length);
  if (!isSpread) return groups.length === 1 ? t('It hands one number on.') : t('{count} numbers, each times its weight. The strongest products:', { count });
  if (groups.length === 1) return t('Each value under the kernel is multiplied by the kernel’s weight there; the products are added.');
  return t('In each of {count} maps below, the values under the kernel are multiplied by that map’s weights. The maps that count most here:', { count });
}

function groupPart(group, context, isOpen) {
  const grid = html('div', { class: 'group-body' });
  const fill = () => grid.replaceChildren(
    kernelPictures(group, context.ranges.get(group.from)),
    cellGrid(group.cells, { ...context, from: group.from, columns: group.columns }));
  const details = html('details', { class: 'group', open: isOpen },
    html('summary', {}, html('span', {}, context.wording.map(group.from, group.channel)), html('b', { class: 'number' }, signed(group.sum, DIGITS))), grid);
  if (isOpen) fill();
  else details.addEventListener('toggle', fill, { once: true });
  return details;
}

/** The window's cells, each with input × weight = product; each leads to the unit that it came from. */
function cellGrid(cells, { from, columns, ranges, wording, go, isPlain = false, isBest = () => false }) {
  const grid = html('div', { class: `cells${isPlain ? ' is-plain' : ''}`, dir: 'ltr' });
  grid.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  const { low, high } = ranges.get(from);
  grid.append(...cells.map((cell) => {
    const { place, input, weight, product } = cell;
    const words = [html('span', { class: 'cell-input' }, number(input, 3))];
    if (!isPlain) words.push(html('span', { class: 'cell-weight' }, `× ${number(weight, 3)}`), html('span', { class: 'cell-product' }, `= ${number(product, 3)}`));
    if (!place) return html('div', { class: 'cell is-outside', title: t('Outside the map: counts as zero') }, ...words);
    const title = wording.unit(from, place);
    const button = html('button', { class: `cell${isBest(cell) ? ' is-best' : ''}`, type: 'button', title: t('Go to {place}', { place: title }) }, swatch(input, low, high), ...words);
    button.addEventListener('click', () => go(from, place));
    return button;
  }));
  return grid;
}

function swatch(value, low, high) {
  const element = html('span', { class: 'swatch', 'aria-hidden': 'true' });
  const grey = Math.round((255 * (value - low)) / (high - low || 1));
  element.style.backgroundColor = `rgb(${grey} ${grey} ${grey})`;
  return element;
}

/** The rows of the sum: its strongest terms, the rest, the bias, the activation. */
function sumRows({ groups, bias, before, activation, value }, shown, isSpread, context) {
  const rows = groups.length === 1 && isSpread
    ? [[t('the products together'), signed(groups[0].sum, DIGITS)]]
    : shown.map((group) => (isSpread
      ? [context.wording.map(group.from, group.channel), signed(group.sum, DIGITS)]
      : [linkTo(group, context), productWords(group.cells[0]), 'is-term']));
  const rest = groups.slice(shown.length);
  if (rest.length) {
    const sum = rest.reduce((total, group) => total + group.sum, 0);
    rows.push([tn('the other one', 'the other {shown} together', rest.length, { shown: number(rest.length) }), signed(sum, DIGITS)]);
  }
  if (bias !== null) rows.push([t('bias'), signed(bias, DIGITS)]);
  if (rows.length > 1) rows.push([t('sum'), number(before, DIGITS), 'is-total']);
  if (activation) rows.push([activationWords(activation), number(value, DIGITS), 'is-total']);
  return rows;
}

function linkTo({ from, cells: [{ place }] }, { wording, go }) {
  const button = html('button', { class: 'term', type: 'button' }, wording.source(from, place));
  button.addEventListener('click', () => go(from, place));
  return button;
}

const productWords = ({ input, weight, product }) => (weight === 1
  ? number(input, DIGITS)
  : `${number(input, DIGITS)} × ${number(weight, DIGITS)} = ${number(product, DIGITS)}`);

const sumTable = (rows) => html('table', { class: 'sum' }, html('tbody', {}, ...rows.map(([words, shown, className = null]) =>
  html('tr', { class: className }, html('th', { scope: 'row' }, words), html('td', { class: 'number' }, shown)))));

const columnsOf = (cells) => new Set(cells.map(({ place }) => place.column)).size;

function usersPart(users, { wording, go }) {
  if (!users.length) return [];
  return [html('h5', {}, t('Who uses it')), ...users.map(({ layer, count, strongest }) => html('div', { class: 'users' },
    html('p', { class: 'small' }, tn('{shown} unit of “{title}” uses it:', '{shown} units of “{title}” use it. It moves these most:', count, { shown: number(count), title: wording.title(layer) })),
    html('ul', { class: 'chips' }, ...strongest.map(({ place, product }) => {
      const button = html('button', { class: 'chip', type: 'button' }, wording.spot(layer, place), html('span', { class: 'number' }, signed(product, 3)));
      button.addEventListener('click', () => go(layer, place));
      return html('li', {}, button);
    }))))];
}
