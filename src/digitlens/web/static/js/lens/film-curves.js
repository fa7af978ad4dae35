// Accuracy and loss of a training run as two curves each, with a table of the same numbers.

import { html, svg } from '../dom.js';
import { percent } from '../format.js';
import { curvePoints, fractionOf } from './film.js';
import { number } from './numbers.js';
import { t } from '../words.js';

const WIDTH = 320;
const HEIGHT = 150;
const LOSSES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
const KINDS = ['training', 'validation'];

/** @param {object[]} moments @param {(moment) => string} momentWords */
export function makeCurves(moments, momentWords) {
  const losses = moments.flatMap((moment) => KINDS.map((kind) => moment[kind].loss));
  const range = [LOSSES.findLast((mark) => mark <= Math.min(...losses)) ?? LOSSES[0], LOSSES.find((mark) => mark >= Math.max(...losses)) ?? LOSSES.at(-1)];
  const charts = [
    makeChart(moments, t('Accuracy'), t('share of right answers'), 'accuracy', {
      position: (value) => value, marks: [[0, '0 %'], [0.5, '50 %'], [1, '100 %']],
    }),
    makeChart(moments, t('Loss'), t('what training makes small; each line stands for about three times the loss of the one below'), 'loss', {
      position: (value) => Math.log(Math.max(value, 1e-9) / range[0]) / Math.log(range[1] / range[0]),
      marks: LOSSES.filter((mark) => mark >= range[0] && mark <= range[1]).map((mark) => [mark, number(mark, mark < 0.1 ? 2 : mark < 1 ? 1 : 0)]),
    }),
  ];
  return {
    element: html('section', {}, html('div', { class: 'film-curves', dir: 'ltr' }, ...charts.map(({ element }) => element)),
      html('p', { class: 'film-key' }, keyOf('validation', t('held-out pictures')), keyOf('training', t('pictures it learns from'))),
      tableOf(moments, momentWords)),
    show(moment, at) { for (const chart of charts) chart.show(at); },
  };
}

function makeChart(moments, title, words, name, { position, marks }) {
  const lines = KINDS.map((kind) => curvePoints(moments.map((moment) => position(moment[kind][name])), WIDTH, HEIGHT));
  const cursor = svg('line', { class: 'film-cursor', y1: 0, y2: HEIGHT });
  const dots = KINDS.map((kind) => svg('circle', { class: `film-${kind}`, r: 4.5 }));
  const last = moments.at(-1);
  const label = t('{title}, {words}: from {first} before training to {last} at the end on held-out pictures; the table has all numbers.', {
    title, words, first: number(moments[0].validation[name], 3), last: number(last.validation[name], 3),
  });
  const picture = svg('svg', { viewBox: `-50 -10 ${WIDTH + 62} ${HEIGHT + 34}`, role: 'img', 'aria-label': label },
    ...marks.flatMap(([value, text]) => {
      const y = HEIGHT * (1 - position(value));
      return [svg('line', { x1: 0, x2: WIDTH, y1: y, y2: y }), svg('text', { x: -8, y: y + 4, 'text-anchor': 'end' }, text)];
    }),
    ...ticksOf(moments, lines[0]),
    cursor,
    ...lines.map((points, at) => svg('polyline', { class: `film-${KINDS[at]}`, points: points.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ') })),
    ...dots);
  return {
    element: html('figure', { class: 'film-curve' }, html('figcaption', {}, html('strong', {}, title), ` – ${words}`), picture),
    show(at) {
      cursor.setAttribute('x1', lines[0][at].x);
      cursor.setAttribute('x2', lines[0][at].x);
      dots.forEach((dot, line) => {
        dot.setAttribute('cx', lines[line][at].x);
        dot.setAttribute('cy', lines[line][at].y);
      });
    },
  };
}

/** Epochs under the axis; few enough not to touch. */
function ticksOf(moments, points) {
  const each = Math.ceil(moments.length / 16);
  const isLeftOut = (epoch, at) => at % each || (epoch % 1 && at % 2 === 0); // fractions are wide
  return moments.flatMap(({ epoch }, at) => (isLeftOut(epoch, at) ? []
    : [svg('text', { x: points[at].x, y: HEIGHT + 18, 'text-anchor': 'middle' }, fractionOf(epoch))]));
}

const keyOf = (kind, words) => html('span', {},
  svg('svg', { viewBox: '0 0 32 10', 'aria-hidden': 'true' }, svg('line', { class: `film-${kind}`, x1: 0, x2: 32, y1: 5, y2: 5, 'stroke-width': 3 })), ` ${words}`);

function tableOf(moments, momentWords) {
  const cell = (words) => html('td', {}, words);
  const heads = [t('Moment'), t('Accuracy, held out'), t('Accuracy, learned from'), t('Loss, held out'), t('Loss, learned from')];
  return html('details', { class: 'film-table' }, html('summary', {}, t('The numbers as a table')),
    html('div', { class: 'film-scroll', tabindex: '0', role: 'region', 'aria-label': t('The numbers as a table') }, html('table', {},
      html('thead', {}, html('tr', {}, ...heads.map((words) => html('th', { scope: 'col' }, words)))),
      html('tbody', {}, ...moments.map((moment) => html('tr', {}, html('th', { scope: 'row' }, momentWords(moment)),
        cell(percent(moment.validation.accuracy)), cell(percent(moment.training.accuracy)),
        cell(number(moment.validation.loss, 3)), cell(number(moment.training.loss, 3))))))));
}
