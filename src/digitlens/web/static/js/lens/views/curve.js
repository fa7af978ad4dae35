// One slider swept over its whole range: where the network's mind changes.

import { NOT_A_DIGIT, ranking } from '../../answers.js';
import { html, svg } from '../../dom.js';
import { percent } from '../../format.js';
import { locale, t } from '../../words.js';
import { toText } from '../frames.js';
import { number } from '../numbers.js';
import { greatest } from '../smallest.js';
import { RANGES, transform } from '../transforms.js';
import { sliderNames, valueWords } from './experiment-words.js';
import { answerWords } from '../layer-words.js';

const PARTS = 60; // of the range; the value at rest is one of the ends between them where the range is symmetric
const WAIT_MS = 150;
const SLICE_MS = 10;

/**
 * @returns {{element: HTMLElement, changed: (original, values, paint, name: string | null) => void,
 *   answered: (probabilities) => void}} `name` is the slider that was moved
 */
export function makeCurve(lens) {
  const choice = html('select', { 'aria-label': t('Slider to sweep') },
    ...Object.entries(sliderNames()).map(([name, label]) => html('option', { value: name }, label)));
  const lines = svg('svg', { class: 'curve-lines', viewBox: '0 0 100 100', preserveAspectRatio: 'none', 'aria-hidden': 'true' });
  const marker = html('div', { class: 'curve-marker' }, html('i'));
  const ribbon = html('div', { class: 'curve-ribbon', 'aria-hidden': 'true' });
  const ends = html('div', { class: 'curve-ends', 'aria-hidden': 'true' });
  const legend = html('p', { class: 'curve-legend small' });
  const text = html('p', { class: 'curve-text small muted' });
  const plot = html('div', { class: 'curve-plot', dir: 'ltr', role: 'img', 'aria-label': t('This part is being made…') },
    html('div', { class: 'curve-area' }, ...[1, 0.5, 0].map((share) => html('span', { class: 'curve-level', 'aria-hidden': 'true' }, t('{value} %', { value: number(100 * share) }))), lines, marker), ribbon, ends);
  let [state, sweep, present, timer, run] = [null, null, null, 0, 0];

  choice.addEventListener('change', () => refresh());

  function refresh() {
    if (!state) return;
    const name = choice.value;
    const { low, high, rest } = RANGES[name];
    const key = name + toText(transform(state.original, { ...state.values, [name]: rest }, state.paint));
    const share = (state.values[name] - low) / (high - low);
    marker.style.insetInlineStart = `${100 * share}%`;
    if (sweep?.key === key) return draw();
    plot.classList.add('is-stale');
    clearTimeout(timer);
    run += 1;
    const { original, values, paint } = { ...state, values: { ...state.values }, paint: Float32Array.from(state.paint) };
    timer = setTimeout(() => compute({ key, name, original, values, paint }, run), WAIT_MS);
  }

  /** Ask for every value of the slider, in slices, until it is done or something changed. */
  async function compute({ key, name, original, values, paint }, mine) {
    const { low, high } = RANGES[name];
    const points = [];
    let rested = performance.now();
    try {
      for (let part = 0; part <= PARTS; part += 1) {
        const value = low + (part / PARTS) * (high - low);
        const { probabilities } = await lens.classify(transform(original, { ...values, [name]: value }, paint));
        points.push({ value, probabilities });
        if (performance.now() - rested > SLICE_MS) {
          await new Promise((resolve) => { setTimeout(resolve); });
          rested = performance.now();
        }
        if (mine !== run) return;
      }
    } catch {
      return; // the network could not be asked; the answer's own words say so
    }
    sweep = { key, name, points };
    draw();
  }

  function draw() {
    if (!sweep || !present || sweep.name !== choice.value) return;
    const { points, name } = sweep;
    const [first, second] = ranking(present);
    plot.classList.remove('is-stale');
    const others = [...present.keys()].filter((value) => value !== first && value !== second);
    lines.replaceChildren(...others.map((value) => lineOf(points, value, 'curve-other')),
      lineOf(points, second, 'curve-second'), lineOf(points, first, 'curve-first'));
    marker.firstChild.style.insetBlockStart = `${100 - 100 * present[first]}%`;
    const segments = segmentsOf(points);
    ribbon.replaceChildren(...segments.map(({ value, parts }) => {
      const part = html('span', { class: value === first ? 'is-first' : null }, parts > 1 ? (value === NOT_A_DIGIT ? '✕' : value) : '');
      part.style.flexGrow = parts;
      return part;
    }));
    const { low, high } = RANGES[name];
    ends.replaceChildren(...[low, (low + high) / 2, high].map((value) => html('span', {}, valueWords(name, value))));
    legend.replaceChildren(
      html('span', {}, html('i', { class: 'key-first' }), t('{answer}: the answer now', { answer: answerWords(first) })),
      html('span', {}, html('i', { class: 'key-second' }), t('{answer}: the runner-up', { answer: answerWords(second) })),
      html('span', {}, html('i', { class: 'key-other' }), t('the others')));
    text.textContent = sentenceOf(name, segments);
    plot.setAttribute('aria-label', t('Probability of {first} and {second} by {slider}. Now at {value}: {percent} and {less}.', {
      first: answerWords(first), second: answerWords(second), slider: sliderNames()[name],
      value: valueWords(name, state.values[name]), percent: percent(present[first]), less: percent(present[second]),
    }));
  }

  return {
    element: html('section', { class: 'curve' },
      html('div', { class: 'panel-head' }, html('h3', {}, t('Where its mind changes')),
        html('label', { class: 'curve-choice' }, html('span', { class: 'small' }, t('Sweep')), choice)),
      plot, legend, text),
    changed(original, values, paint, name) {
      state = { original, values, paint };
      if (name) choice.value = name;
      refresh();
    },
    answered(probabilities) {
      present = probabilities;
      draw();
    },
  };
}

function lineOf(points, value, className) {
  const places = points.map(({ probabilities }, part) =>
    `${((100 * part) / (points.length - 1)).toFixed(2)},${(100 - 100 * probabilities[value]).toFixed(2)}`);
  return svg('polyline', { class: className, points: places.join(' '), 'vector-effect': 'non-scaling-stroke' });
}

/** Neighbouring points with the same answer: `[{value, low, high, parts}]`. */
function segmentsOf(points) {
  const segments = [];
  for (const { value, probabilities } of points) {
    const answer = greatest(probabilities);
    const last = segments.at(-1);
    if (last?.value === answer) Object.assign(last, { high: value, parts: last.parts + 1 });
    else segments.push({ value: answer, low: value, high: value, parts: 1 });
  }
  return segments;
}

function sentenceOf(name, segments) {
  const slider = sliderNames()[name];
  if (segments.length === 1) return t('{slider}: always {answer}, over the whole range.', { slider, answer: answerWords(segments[0].value) });
  const pieces = segments.map(({ value, low, high }) => t('{answer} from {low} to {high}', {
    answer: value === NOT_A_DIGIT ? t('no digit') : value, low: valueWords(name, low), high: valueWords(name, high),
  }));
  return t('{slider}: reads {pieces}.', { slider, pieces: new Intl.ListFormat(locale).format(pieces) });
}
