// The pages of the lesson: its live views, the reader's own digit at the top, and which chapters were read.

import { NOT_A_DIGIT, ranking } from './answers.js';
import { html } from './dom.js';
import { percent } from './format.js';
import { startLens } from './lens/lens.js';
import { drawFrame, pictureOf } from './lens/pictures.js';
import { forgetAll, markRead, readSlugs } from './learn/progress.js';
import { t } from './words.js';

const lens = startLens();

showOwnDigit(document.querySelector('.own'));
showProgress(document.querySelector('[data-chapters]'));
noticeTheEnd(document.querySelector('[data-chapter]'));
window.addEventListener('beforeprint', () => {
  for (const details of document.querySelectorAll('.question, .curious')) details.open = true;
});

function showOwnDigit(strip) {
  if (!strip) return;
  const picture = pictureOf(t('Your digit'));
  const words = strip.querySelector('[data-own-words]');
  lens.subscribe(({ frame, source, answer }) => {
    drawFrame(picture, frame);
    if (!picture.isConnected) strip.querySelector('[data-own-picture]').replaceChildren(picture);
    const who = source.kind === 'example' ? t('This example goes with you through the chapters.') : t('Your digit goes with you through the chapters.');
    words.replaceChildren(who, ' ', html('strong', {}, answer ? readAs(answer.probabilities) : ''));
    if (answer) picture.setAttribute('aria-label', `${t('Your digit')}. ${readAs(answer.probabilities)}`);
  });
}

function readAs(probabilities) {
  const [best] = ranking(probabilities);
  const sure = percent(probabilities[best]);
  return best === NOT_A_DIGIT ? t('Read as “not a digit”, {sure}.', { sure }) : t('Read as {digit}, {sure}.', { digit: best, sure });
}

function showProgress(list) {
  if (!list) return;
  const forget = document.querySelector('[data-forget]');
  const show = () => {
    const read = readSlugs();
    for (const row of list.children) row.querySelector('[data-done]').hidden = !read.includes(row.dataset.chapterRow);
    forget.hidden = read.length === 0;
  };
  forget.addEventListener('click', () => { forgetAll(); show(); document.querySelector('#main').focus(); });
  window.addEventListener('pageshow', show);
  show();
}

/** A chapter counts as read when its end has been on the screen. */
function noticeTheEnd(lesson) {
  if (!lesson) return;
  new IntersectionObserver((entries, observer) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    markRead(lesson.dataset.chapter);
    observer.disconnect();
  }).observe(lesson.querySelector('.chapter-nav'));
}
