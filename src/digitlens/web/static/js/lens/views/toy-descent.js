// Chapter 6: a network of one weight and one bias learns, step by step, to tell 0 from 1 by the ink; its landscape is drawn.

import { fetched } from '../../fetched.js';
import { html, svg } from '../../dom.js';
import { percent } from '../../format.js';
import { chance, lossOf, pointsOf, rightOf, stepFrom } from '../../learn/descent.js';
import { t } from '../../words.js';
import { number } from '../numbers.js';
import { shade } from '../signed.js';

const START = { weight: -2, bias: -3 };
const RATES = { from: -1, to: 2.2 }; // powers of ten
const FIELD = { left: -4, right: 10, bottom: -6, top: 8, cells: 56 };
const PLOT = { width: 280, height: 200, low: -2, high: 3 };

export async function mount(place, lens) {
  const data = await (await fetched(new URL('../../../learn/ones-and-zeros.json', import.meta.url))).json();
  const points = pointsOf(data);
  let path = [START];
  const landscape = drawLandscape(points);
  const trail = svg('polyline', { class: 'trail' });
  const ball = svg('circle', { class: 'ball', r: 5 });
  const map = svg('svg', { viewBox: '0 0 280 280', class: 'landscape', role: 'img', dir: 'ltr' }, trail, ball);
  const plot = drawPlot(points, data);
  const words = html('p', { class: 'toy-words', role: 'status' });
  const own = html('p', { class: 'toy-words' });
  const rate = html('input', { type: 'range', id: 'rate', min: RATES.from, max: RATES.to, step: 0.05, value: 0.5, class: 'range' });
  const rateShown = html('output', { for: 'rate' });
  const showRate = () => {
    rateShown.textContent = number(10 ** rate.value, 2);
    rate.setAttribute('aria-valuetext', rateShown.textContent);
  };
  rate.addEventListener('input', showRate);

  function show() {
    const network = path.at(-1);
    const spots = path.map(spotOf);
    trail.setAttribute('points', spots.map((spot) => spot.join(',')).join(' '));
    [['cx', 0], ['cy', 1]].forEach(([name, axis]) => ball.setAttribute(name, Math.min(280, Math.max(0, spots.at(-1)[axis]))));
    plot.show(network, inkOf(lens.frame));
    const values = {
      step: path.length - 1, weight: number(network.weight, 2), bias: number(network.bias, 2),
      loss: number(lossOf(network, points), 3), right: rightOf(network, points), total: points.length,
    };
    words.textContent = t('Step {step}: weight {weight}, bias {bias}, loss {loss}; {right} of {total} right.', values);
    map.setAttribute('aria-label', t('The landscape of the loss: dark is low. After step {step} the network stands at weight {weight}, bias {bias}, with loss {loss}.', values));
    showOwn(network);
  }

  function showOwn(network) {
    if (!lens.frame) return;
    const ink = inkOf(lens.frame);
    own.textContent = t('Your digit has {ink} of ink. By that alone, this network would call it a 0 with {zero} and a 1 with {one}: it knows no other digits.', {
      ink: percent(ink), zero: percent(chance(network, (ink - data.mean) / data.deviation)), one: percent(1 - chance(network, (ink - data.mean) / data.deviation)),
    });
  }

  function walk(steps) {
    for (let step = 0; step < steps; step += 1) path.push(stepFrom(path.at(-1), points, 10 ** rate.value));
    show();
  }

  const button = (label, act, kind = '') => {
    const made = html('button', { class: `button ${kind}`, type: 'button' }, label);
    made.addEventListener('click', act);
    return made;
  };
  place.replaceChildren(
    html('div', { class: 'toy-columns' },
      html('figure', {}, html('figcaption', { class: 'label' }, t('The loss for every weight and bias')),
        html('div', { class: 'landscape-frame', dir: 'ltr' }, landscape, map),
        html('p', { class: 'small muted' }, t('Across: the weight, from {left} to {right}. Up: the bias, from {bottom} to {top}. Dark is low.', Object.fromEntries(Object.entries(FIELD).map(([name, value]) => [name, number(value)]))))),
      html('figure', {}, html('figcaption', { class: 'label' }, t('Forty ones (below) and forty zeros (above), by their ink')), plot.element,
        html('p', { class: 'small muted' }, t('The curve is the network’s answer: how likely a 0. The dashed line is your digit.')))),
    html('div', { class: 'range-row' }, html('label', { class: 'label', for: 'rate' }, t('Learning rate')), rate, rateShown),
    html('div', { class: 'buttons' },
      button(t('One step'), () => walk(1), 'button--main'), button(t('Twenty steps'), () => walk(20)),
      button(t('Start again'), () => { path = [START]; show(); })),
    words, own,
  );
  showRate();
  show();
  lens.subscribe(show);
}

const inkOf = (frame) => (frame ? frame.reduce((sum, value) => sum + value, 0) / frame.length : null);

const spotOf = ({ weight, bias }) => [
  (280 * (weight - FIELD.left)) / (FIELD.right - FIELD.left), (280 * (FIELD.top - bias)) / (FIELD.top - FIELD.bottom),
].map((value) => Math.min(1e4, Math.max(-1e4, Number(value.toFixed(1)))));

/** The loss as steps of blue, one for each tenth of its logarithm: dark is low. */
function drawLandscape(points) {
  const { cells } = FIELD;
  const canvas = html('canvas', { width: cells, height: cells, class: 'pixels', 'aria-hidden': 'true' });
  const image = new ImageData(cells, cells);
  for (let place = 0; place < cells * cells; place += 1) {
    const weight = FIELD.left + ((place % cells) + 0.5) * ((FIELD.right - FIELD.left) / cells);
    const bias = FIELD.top - (Math.floor(place / cells) + 0.5) * ((FIELD.top - FIELD.bottom) / cells);
    const height = Math.log(lossOf({ weight, bias }, points) / 0.2) / Math.log(30);
    image.data.set([...shade(Math.max(0, 1 - Math.round(9 * height) / 9) ** 2, false), 255], 4 * place);
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}

/** The digits as dots and the answer as a curve over the ink. */
function drawPlot(points, { mean, deviation }) {
  const { width, height, low, high } = PLOT;
  const across = (input) => (width * (input - low)) / (high - low);
  const up = (share) => height - 20 - (height - 40) * share;
  const curve = svg('polyline', { class: 'answer-curve' });
  const own = svg('line', { class: 'own-line', y1: 0, y2: height });
  const dots = points.map(({ input, right }, index) => svg('circle', {
    class: right ? 'zero' : 'one', cx: across(input).toFixed(1), cy: up(right) + (right ? -1 : 1) * (index % 4) * 4, r: 3,
  }));
  const element = svg('svg', { viewBox: `0 0 ${width} ${height}`, class: 'plot', role: 'img', dir: 'ltr' }, ...dots, curve, own);
  return {
    element,
    show(network, ink) {
      const inputs = Array.from({ length: 101 }, (_, step) => low + ((high - low) * step) / 100);
      curve.setAttribute('points', inputs.map((input) => `${across(input).toFixed(1)},${up(chance(network, input)).toFixed(1)}`).join(' '));
      own.toggleAttribute('hidden', ink === null);
      if (ink !== null) for (const end of ['x1', 'x2']) own.setAttribute(end, across((ink - mean) / deviation).toFixed(1));
      element.setAttribute('aria-label', t('The network tells a 0 from {percent} of ink on.', { percent: percent(Math.min(1, Math.max(0, mean - (deviation * network.bias) / network.weight))) }));
    },
  };
}
