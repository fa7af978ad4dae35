// The digit as the network sees it, and the answer.

import { html, icon, ICONS } from '../../dom.js';
import { percent } from '../../format.js';
import { ranking } from '../../answers.js';
import { makeBars, verdictWords } from '../bars.js';
import { keepOwn } from '../frames.js';
import { answerWords } from '../layer-words.js';
import { number } from '../numbers.js';
import { drawFrame, pictureOf } from '../pictures.js';
import { t } from '../../words.js';

export function mount(place, lens) {
  const canvas = pictureOf('', 'pixels digit-picture');
  const bars = makeBars();
  const part = (className, tag = 'p') => html(tag, { class: className });
  const [value, share, rest, source, where] = ['verdict-value', 'verdict-share', 'verdict-rest', 'digit-source', 'digit-where small muted'].map((name) => part(name));
  const spoken = html('p', { class: 'visually-hidden', role: 'status' });
  const notices = html('div', { class: 'digit-notices' });
  const keep = html('button', { class: 'button', type: 'button', hidden: true }, icon(ICONS.keep), t('Use it on every page'));
  keep.addEventListener('click', () => keepOwn(lens.frame, { label: lens.source.label ?? null }));
  place.replaceChildren(notices,
    html('div', { class: 'digit-top' }, canvas, html('div', { class: 'digit-verdict' }, value, share, rest, source)),
    bars.element, where, keep, spoken);

  lens.subscribe(({ frame, answer, failure, trouble }) => {
    drawFrame(canvas, frame);
    canvas.setAttribute('aria-label', frameWords(frame));
    source.textContent = sourceWords(lens.source);
    keep.hidden = !['link', 'result'].includes(lens.source.kind);
    place.classList.toggle('is-stale', !answer && !failure);
    notices.replaceChildren(...noticesOf(trouble, failure, lens));
    if (answer) showAnswer(answer);
  });

  function showAnswer({ probabilities, where: made }) {
    const [first, second] = ranking(probabilities);
    value.textContent = answerWords(first);
    value.classList.toggle('is-words', first === 10);
    share.textContent = percent(probabilities[first]);
    rest.textContent = t('then {answer}, {share}', { answer: answerWords(second), share: percent(probabilities[second]) });
    bars.show(probabilities);
    where.textContent = made === 'device'
      ? t('Read on this device by LiteRT, with the weights that the server uses. On a page of writing a second network has a say as well.')
      : t('Read on this device by the page’s own arithmetic, with the weights that the server uses. On a page of writing a second network has a say as well.');
    const words = verdictWords(probabilities);
    if (spoken.textContent !== words) spoken.textContent = words;
  }
}

/** What the picture of a frame shows, in numbers. */
function frameWords(frame) {
  const ink = frame.filter((value) => value > 0.1).length;
  return t('The digit as the network sees it: 28 × 28 grey values, {count} of them ink.', { count: number(ink) });
}

function sourceWords({ kind, label }) {
  if (kind === 'example') return t('Example: {label}', { label });
  if (kind === 'own') return t('Your own digit');
  if (kind === 'whatif') return label ?? t('Changed by hand');
  return label ?? t('From a link');
}

function noticesOf(trouble, failure, lens) {
  const notice = (title, words, button = null) => html('div', { class: 'notice', role: 'status' }, icon(ICONS.alert),
    html('p', { class: 'notice-title' }, title), html('p', { class: 'small' }, words), button);
  const found = [];
  if (trouble === 'damaged') found.push(notice(t('The address holds no digit.'), t('It may have been cut short on its way. Here is an example instead.')));
  if (failure) {
    const again = html('button', { class: 'button', type: 'button' }, t('Try again'));
    again.addEventListener('click', () => { lens.retry(); });
    found.push(notice(t('The network could not be fetched.'), t('Without its weights nothing can be computed here. Check the connection.'), html('div', { class: 'buttons' }, again)));
  }
  return found;
}
