// A training run as a film: how well it reads at each moment, what it confuses, and its first kernels.

import { html, svg } from '../../dom.js';
import { percent } from '../../format.js';
import { answersTo, bestOf, fractionOf, largestWeight, loadFilm } from '../film.js';
import { makeCurves } from '../film-curves.js';
import { fromText } from '../frames.js';
import { answerWords } from '../layer-words.js';
import { number } from '../numbers.js';
import { drawFrame, pictureOf } from '../pictures.js';
import { drawSigned } from '../signed.js';
import { t, tn } from '../../words.js';

const PAUSE_MS = 900;

export async function mount(place) {
  const film = await loadFilm(document.querySelector('meta[name="digitlens-learning"]')?.content ?? '/static/lens/learning.json');
  const { moments } = film;
  const [controls, curves, kernels, confusion, samples] = [makeControls(moments, show), makeCurves(moments, momentWords), makeKernels(moments), makeConfusion(), makeSamples(film)];
  place.replaceChildren(html('div', { class: 'film' }, controls.element, curves.element, kernels.element, confusion.element, samples.element, aboutRun(film)));
  show(0);

  function show(at) {
    for (const part of [controls, curves, kernels, confusion, samples]) part.show(moments[at], at);
  }
}

/** "before it has learned anything", "after 1/16 of the first epoch", "after 3 epochs". */
function momentWords({ epoch }) {
  if (epoch === 0) return t('Before it has learned anything');
  if (epoch < 1) return t('After {fraction} of the first epoch', { fraction: fractionOf(epoch) });
  return tn('After {shown} epoch', 'After {shown} epochs', epoch, { shown: number(epoch) });
}

function makeControls(moments, onMove) {
  const last = moments.length - 1;
  const slider = html('input', { type: 'range', min: 0, max: last, step: 1, value: 0, 'aria-label': t('Moment of the training'), dir: 'ltr' });
  const play = html('button', { class: 'button button--main film-play', type: 'button' }, t('Play'));
  const now = html('p', { class: 'film-now' });
  let timer = 0;
  const go = (at) => { slider.value = at; onMove(at); };
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    play.textContent = t('Play');
  };
  slider.addEventListener('input', () => { stop(); onMove(Number(slider.value)); });
  play.addEventListener('click', () => {
    const at = Number(slider.value);
    if (timer) return stop();
    // Who wants no motion goes on step by step.
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return go(at === last ? 0 : at + 1);
    if (at === last) go(0);
    play.textContent = t('Pause');
    timer = setInterval(() => {
      go(Number(slider.value) + 1);
      if (Number(slider.value) === last) stop();
    }, PAUSE_MS);
  });
  if (matchMedia('(prefers-reduced-motion: reduce)').matches) play.textContent = t('Next moment');
  return {
    element: html('div', { class: 'film-controls' }, play, slider, now),
    show(moment) {
      const words = t('{moment}: {validation} of the pictures it never saw are right, {training} of those it learns from.', {
        moment: momentWords(moment), validation: percent(moment.validation.accuracy), training: percent(moment.training.accuracy),
      });
      now.textContent = words;
      slider.setAttribute('aria-valuetext', words);
    },
  };
}

function makeKernels(moments) {
  const most = largestWeight(moments);
  const canvases = moments[0].kernels.map(() => pictureOf(''));
  const element = html('section', {}, html('h3', {}, t('Its first kernels')),
    html('p', { class: 'small muted' }, t('What the first layer looks for. Two colours tell weights above zero from weights below; the stronger the colour, the larger the weight, on the same scale at every moment: the largest is {most}.', { most: number(most, 2) })),
    html('div', { class: 'film-kernels', dir: 'ltr' }, ...canvases));
  element.hidden = !canvases.length;
  return {
    element,
    show({ kernels }) {
      kernels.forEach((kernel, at) => {
        drawSigned(canvases[at], kernel.flat(), kernel[0].length, kernel.length, most);
        canvases[at].setAttribute('aria-label', t('Kernel {number}: {weights}', {
          number: number(at + 1), weights: kernel.map((row) => row.map((weight) => number(weight, 2)).join(' ')).join('; '),
        }));
      });
    },
  };
}

function makeConfusion() {
  const choice = html('select', { id: 'film-digit' }, ...Array.from({ length: 11 }, (_, label) =>
    html('option', { value: label, selected: label === 8 }, answerWords(label))));
  const rows = html('ol', { class: 'film-rows', 'aria-live': 'off' });
  let moment = null;
  const draw = () => {
    rows.replaceChildren(...answersTo(moment, Number(choice.value)).map(({ answer, count, share, right }) =>
      html('li', { class: right ? 'is-right' : null },
        html('span', {}, right ? t('{answer} ✓', { answer: answerWords(answer) }) : answerWords(answer)),
        svg('svg', { viewBox: '0 0 100 10', preserveAspectRatio: 'none', 'aria-hidden': 'true', dir: 'ltr' }, svg('rect', { height: 10, width: 100 * share })),
        html('span', { class: 'film-count' }, number(count)))));
  };
  choice.addEventListener('change', draw);
  return {
    element: html('section', {}, html('h3', {}, t('How it reads one digit')),
      html('p', { class: 'film-choice' }, html('label', { for: 'film-digit' }, t('Held-out pictures of')), choice), rows),
    show(next) { moment = next; draw(); },
  };
}

function makeSamples({ samples }) {
  const parts = samples.map(({ frame, label }) => {
    const canvas = pictureOf('');
    drawFrame(canvas, fromText(frame));
    const [words, share] = [html('strong', { 'aria-hidden': 'true' }), html('span', { 'aria-hidden': 'true' })];
    return { canvas, words, share, label, element: html('li', {}, canvas, words, share) };
  });
  return {
    element: html('section', {}, html('h3', {}, t('Its answers to twenty digits')),
      html('p', { class: 'small muted' }, t('All held out: it never learns from them. ✗ marks a wrong answer.')),
      html('ul', { class: 'film-samples', dir: 'ltr' }, ...parts.map(({ element }) => element))),
    show({ answers }) {
      parts.forEach(({ canvas, words, share, label }, at) => {
        const { answer, probability } = bestOf(answers[at]);
        const wrong = answer !== label;
        words.textContent = `${wrong ? '✗ ' : ''}${answer === 10 ? t('none') : answer}`;
        share.textContent = percent(probability);
        words.classList.toggle('is-wrong', wrong);
        canvas.setAttribute('aria-label', t('A {digit}, read as {answer}, {share}', { digit: label, answer: answerWords(answer), share: percent(probability) }));
      });
    },
  };
}

function aboutRun({ watched, seconds, seed, commit, architecture, recipe }) {
  return html('section', {}, html('h3', {}, t('The same run on your own machine')),
    html('pre', { class: 'film-command', dir: 'ltr', tabindex: '0' }, html('code', {}, `digitlens data fetch\ndigitlens train --recipe ${recipe || 'FILE'} --out var/run`)),
    html('p', { class: 'small muted' }, t('This recording is of a real run: architecture {architecture}, seed {seed}, {minutes} minutes on the machine that made it, commit {commit}. At each moment it was asked about {digits} digits that it learns from, {digits} held-out ones, and {marks} marks that are no digits with each. The test set was not read.', {
      architecture, seed: String(seed), minutes: number(seconds / 60, 1), commit: commit ? commit.slice(0, 7) : '–',
      digits: number(watched.digits), marks: number(watched.marks),
    })));
}
