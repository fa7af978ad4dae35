// What if: sliders and a brush change the frame, and the answer follows.

import { NOT_A_DIGIT, ranking } from '../../answers.js';
import { html } from '../../dom.js';
import { percent } from '../../format.js';
import { t } from '../../words.js';
import { toText } from '../frames.js';
import { drawFrame, pictureOf } from '../pictures.js';
import { RANGES, atRest, transform } from '../transforms.js';
import { makeBrush } from './brush.js';
import { makeCurve } from './curve.js';
import { readingWords, sliderNames, valueWords } from './experiment-words.js';
import { makeSearch } from './search.js';

let count = 0; // of sliders on this page, for their ids
const QUIET_MS = 700; // the answer is read aloud once the slider has rested so long

/** Mount the view; the store's frame is the original, the changed one stays here until it is taken over. */
export function mount(place, lens) {
  let [values, original, answer, failed, waiting] = [atRest(), null, null, false, 0];
  const brush = makeBrush(() => change());
  const before = pictureOf(t('The frame before the changes'));
  const bars = html('ol', { class: 'class-bars', dir: 'ltr', 'aria-hidden': 'true' },
    ...Array.from({ length: NOT_A_DIGIT + 1 }, (_, value) => barOf(value)));
  const [words, briefly] = [html('p', { class: 'what-if-answer' }), html('span', {})];
  const small = pictureOf('');
  small.setAttribute('aria-hidden', 'true');
  const spoken = html('p', { class: 'visually-hidden', role: 'status' });
  const curve = makeCurve(lens);
  const search = makeSearch(lens, (found, paint) => {
    values = { ...atRest(), ...(found.value === undefined ? {} : { [found.name]: found.value }) };
    brush.paint.set(paint);
    showValues();
    change(found.value === undefined ? null : found.name);
    place.scrollIntoView({ block: 'start' });
  });
  const sliders = Object.entries(sliderNames()).map(([name, label]) => sliderOf(name, label, take));
  const inverted = html('input', { type: 'checkbox' });
  inverted.addEventListener('change', () => { values.inverted = inverted.checked; change(); });
  const group = (legend, from, to) => html('fieldset', { class: 'slider-group' }, html('legend', {}, legend),
    ...sliders.slice(from, to).map(({ row }) => row));
  const resetAll = buttonOf(t('Reset all'), reset);
  const keep = buttonOf(t('Use this as my digit'), () => {
    lens.setFrame(current(), { kind: 'own', label: t('changed by hand') });
  });
  keep.classList.add('button--main');

  place.replaceChildren(html('div', { class: 'what-if' },
    html('div', { class: 'what-if-stage' },
      html('div', { class: 'what-if-pictures' },
        html('figure', { class: 'what-if-changed' }, brush.element, html('figcaption', {}, t('Changed: paint on it'))),
        html('figure', { class: 'what-if-before' }, before, html('figcaption', {}, t('Before')))),
      brush.tools, words, bars, spoken, html('div', { class: 'buttons' }, keep, resetAll)),
    html('div', { class: 'what-if-sliders' },
      html('p', { class: 'what-if-follow', 'aria-hidden': 'true' }, small, briefly),
      group(t('Place and shape'), 0, 5), group(t('Stroke'), 5, 7), group(t('Ink and paper'), 7, 10),
      html('label', { class: 'choice' }, inverted, html('span', {}, t('Swap ink and paper')))),
    curve.element, search.element));

  const current = () => transform(original, values, brush.paint);

  function take(name, value) {
    values[name] = value;
    if (name === 'noise' && value === 0) values.seed += 1; // other noise next time
    change(name);
  }

  /** Draw at once; ask the network once a screen refresh, and never for a frame that has already changed again. */
  function change(name = null) {
    if (!original) return;
    const frame = current();
    const isChanged = toText(frame) !== toText(original);
    drawFrame(before, original);
    drawFrame(small, frame);
    place.firstChild.dataset.frameText = toText(frame);
    resetAll.disabled = !isChanged && !inverted.checked;
    keep.disabled = !isChanged;
    brush.show(frame, answer ? readingWords(answer.probabilities) : '');
    curve.changed(original, values, brush.paint, name);
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(() => ask(frame));
  }

  let busy = false;
  let next = null;
  async function ask(frame) {
    next = frame;
    if (busy) return;
    busy = true;
    try {
      while (next) {
        const asked = next;
        next = null;
        const found = await lens.classify(asked);
        if (!next) showAnswer(asked, found);
      }
    } catch {
      failed = true;
      words.textContent = t('The network could not be asked.'); // the view of the answer says why
    } finally {
      busy = false;
    }
  }

  function showAnswer(frame, found) {
    const was = answer && ranking(answer.probabilities)[0];
    [answer, failed] = [found, false];
    const [first] = ranking(found.probabilities);
    const sentence = readingWords(found.probabilities);
    words.textContent = sentence;
    briefly.textContent = sentence;
    place.firstChild.dataset.answer = first;
    brush.show(current(), sentence);
    curve.answered(found.probabilities);
    bars.childNodes.forEach((bar, value) => {
      bar.classList.toggle('is-first', value === first);
      bar.lastChild.textContent = percent(found.probabilities[value]);
      bar.querySelector('.class-bar').style.blockSize = `${100 * found.probabilities[value]}%`;
    });
    if (was !== null) say(sentence);
  }

  let speaking = 0;
  function say(sentence) {
    clearTimeout(speaking);
    speaking = setTimeout(() => { spoken.textContent = sentence; }, QUIET_MS);
  }

  function showValues() {
    for (const { show, name } of sliders) show(values[name]);
    inverted.checked = values.inverted;
  }

  function reset() {
    values = atRest();
    brush.clear();
    showValues();
    change();
  }

  lens.subscribe(({ frame, answer: known }) => {
    if (frame === original) {
      if (known && failed) change(); // the network can be asked again
      return;
    }
    original = frame;
    answer = null;
    reset();
    search.forget();
  });
}

function barOf(value) {
  return html('li', {}, html('span', { class: 'class-column' }, html('span', { class: 'class-bar' })),
    html('b', {}, value === NOT_A_DIGIT ? '✕' : value), html('span', { class: 'class-percent' }));
}

function buttonOf(label, act) {
  const button = html('button', { class: 'button', type: 'button' }, label);
  button.addEventListener('click', act);
  return button;
}

function sliderOf(name, label, take) {
  const { low, high, step, rest } = RANGES[name];
  const id = `what-if-${name}-${count += 1}`;
  const input = html('input', { type: 'range', dir: 'ltr', id, min: low, max: high, step, value: rest });
  const output = html('output', { for: id });
  const reset = buttonOf('↺', () => { show(rest); take(name, rest); input.focus(); });
  reset.classList.add('button--quiet', 'slider-reset');
  reset.setAttribute('aria-label', t('Reset: {name}', { name: label }));
  function show(value) {
    input.value = value;
    output.textContent = valueWords(name, value);
    input.setAttribute('aria-valuetext', output.textContent);
    reset.disabled = value === rest;
  }
  input.addEventListener('input', () => { show(Number(input.value)); take(name, Number(input.value)); });
  show(rest);
  return { name, show, row: html('div', { class: 'slider' }, html('label', { for: id }, label), output, input, reset) };
}
