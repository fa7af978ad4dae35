// The answer under the pad: digits with confidence, rivals and marks, while one writes.

import { ICONS, html, icon, svg } from './dom.js';
import { rejectedWords } from './reading-view.js';
import { plural } from './format.js';

/** Fill `place` with the view of a reading and a button that keeps it. */
export function showAnswer(place, view, keep) {
  const button = html('button', { class: 'button', type: 'button' }, icon(ICONS.keep), 'Keep this result');
  button.addEventListener('click', keep);
  place.replaceChildren(
    html('ol', { class: 'digits' }, ...view.digits.map(tileOf)),
    html('div', { class: 'live-foot' }, html('p', { class: 'muted' }, footWords(view)), view.digits.length > 0 && button),
  );
}

/** Fill `place` with the calm words of an error. */
export function showTrouble(place, { message, hint }) {
  place.replaceChildren(html('div', { class: 'notice' }, icon(ICONS.alert),
    html('p', { class: 'notice-title' }, message), html('p', { class: 'small' }, hint)));
}

function footWords({ digits, doubtful, rejected }) {
  const words = [digits.length ? `${plural(digits.length, 'digit', 'digits')}, ${doubtful.length || 'none'} to check.` : 'No digit yet.'];
  if (rejected.length) words.push(rejectedWords(rejected.length));
  return words.join(' ');
}

function tileOf({ value, confidence, percent, doubtful, alternatives }) {
  return html('li', { class: `digit${doubtful ? ' is-doubtful' : ''}` },
    html('div', { class: 'digit-link' },
      html('span', { class: 'digit-value' }, value),
      html('span', { class: 'digit-percent' }, percent),
      barOf(confidence),
      alternatives.length > 0 && rivalsOf(alternatives),
      doubtful && html('span', { class: 'tag' }, icon(ICONS.alert), 'check this')));
}

function barOf(confidence) {
  return svg('svg', { class: 'bar', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { width: (100 * confidence).toFixed(1), height: 4 }));
}

function rivalsOf(alternatives) {
  const rivals = alternatives.flatMap(({ value, percent }, index) => [
    index > 0 ? ', ' : 'or ', html('span', {}, html('b', {}, value), ` ${percent}`),
  ]);
  return html('span', { class: 'digit-next' }, ...rivals);
}
