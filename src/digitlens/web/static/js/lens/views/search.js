// How little must change until it reads something else: the search, its progress and what it found.

import { NOT_A_DIGIT } from '../../answers.js';
import { html } from '../../dom.js';
import { percent } from '../../format.js';
import { t } from '../../words.js';
import { toText } from '../frames.js';
import { drawFrame, pictureOf } from '../pictures.js';
import { MOVES, greatest, judgeFor, paintOf, smallestMove, smallestStroke } from '../smallest.js';
import { changeWords, triedWords } from './experiment-words.js';
import { answerWords } from '../layer-words.js';

const TRIALS = [...MOVES, 'erase', 'draw'];

/**
 * The panel of the search.
 * @param {(found: object, paint: Float32Array) => void} show puts a finding on the sliders
 * @returns {{element: HTMLElement, forget: () => void}}
 */
export function makeSearch(lens, show) {
  const wanted = html('select', {}, html('option', { value: '' }, t('anything else')),
    ...Array.from({ length: NOT_A_DIGIT + 1 }, (_, value) => html('option', { value }, answerWords(value))));
  const start = html('button', { class: 'button button--main', type: 'submit' }, t('Find out'));
  const stop = html('button', { class: 'button', type: 'button', hidden: true }, t('Stop'));
  const progress = html('progress', { max: TRIALS.length, value: 0, 'aria-label': t('Progress of the search'), hidden: true });
  const status = html('p', { class: 'search-status', role: 'status' });
  const [list, others] = [html('ul', { class: 'search-found' }), html('ul', { class: 'search-none muted small' })];
  const form = html('form', { class: 'search-form' },
    html('label', {}, t('How little must change until the answer is:'), ' ', wanted), start, stop);
  let running = null;

  form.addEventListener('submit', (event) => { event.preventDefault(); search(); });
  stop.addEventListener('click', () => running?.abort());

  async function search() {
    running?.abort();
    const mine = running = new AbortController();
    const { frame } = lens;
    const goal = wanted.value === '' ? null : Number(wanted.value);
    clear();
    showBusy(true);
    try {
      const from = greatest((await lens.classify(frame)).logits);
      if (goal === from) {
        status.textContent = t('It reads {answer} already.', { answer: answerWords(from) });
        return;
      }
      const judge = judgeFor(lens.classify, from, goal, mine.signal);
      let count = 0;
      for (const [done, name] of TRIALS.entries()) {
        progress.value = done;
        const found = MOVES.includes(name) ? await smallestMove(frame, name, judge) : await smallestStroke(frame, name, judge);
        if (found) list.append(cardOf(found));
        else others.append(html('li', {}, triedWords(name)));
        count += Number(found !== null);
      }
      status.textContent = t('{found} of {all} kinds of change do it. Each is the smallest that the search found; smaller ones may exist.', {
        found: count, all: TRIALS.length,
      });
    } catch (error) {
      if (mine !== running) return;
      status.textContent = mine.signal.aborted ? t('Stopped.') : t('The network could not be asked.');
    } finally {
      if (mine === running) showBusy(false);
    }
  }

  function clear() {
    list.replaceChildren();
    others.replaceChildren();
    status.textContent = '';
  }

  function showBusy(isBusy) {
    start.hidden = isBusy;
    stop.hidden = !isBusy;
    progress.hidden = !isBusy;
    list.setAttribute('aria-busy', isBusy);
    if (isBusy) status.textContent = t('Searching …');
  }

  function cardOf(found) {
    const values = { change: changeWords(found), answer: found.answer, percent: percent(found.probability) };
    const sentence = found.answer === NOT_A_DIGIT
      ? t('{change}, it is taken for no digit ({percent}).', values)
      : t('{change}, it reads {answer} ({percent}).', values);
    const picture = pictureOf(sentence);
    drawFrame(picture, found.frame);
    const button = html('button', { class: 'button', type: 'button' }, t('Show it above'));
    button.setAttribute('aria-label', t('Show above: {change}', { change: changeWords(found) }));
    button.addEventListener('click', () => show(found, paintOf(found.pixels ?? [], found.name === 'erase' ? -1 : 1)));
    return html('li', { class: 'search-card', 'data-name': found.name, 'data-answer': found.answer, 'data-frame-text': toText(found.frame) },
      picture, html('p', {}, sentence), button);
  }

  return {
    element: html('section', { class: 'search' }, html('h3', {}, t('How little must change')), form, progress, status, list, others),
    forget() {
      running?.abort();
      running = null;
      showBusy(false);
      clear();
    },
  };
}
