// The answer under the pad: digits with confidence, rivals and marks, while one writes.

import { ICONS, html, icon, svg } from './dom.js';
import { lensAddress } from './lens/frames.js';
import { rejectedWords } from './reading-view.js';
import { t, tn } from './words.js';

/**
 * Fill `place` with the view of a reading and a button that keeps it.
 * @param {'device' | 'server'} where it was read
 */
export function showAnswer(place, view, where, keep) {
  const button = html('button', { class: 'button', type: 'button' }, icon(ICONS.keep), t('Keep this result'));
  button.addEventListener('click', keep);
  place.replaceChildren(
    html('ol', { class: 'digits' }, ...view.digits.map(tileOf)),
    html('div', { class: 'live-foot' }, html('p', { class: 'muted' }, footWords(view)), view.digits.length > 0 && button),
    badgeOf(where, place.querySelector('.where')?.open ?? false),
  );
}

/** Where the reading was made, and what that means; it stays open while one writes. */
function badgeOf(where, isOpen) {
  const [words, meaning] = where === 'device'
    ? [t('Read on this device'), t('Your browser ran the network itself. Nothing of your drawing was sent anywhere; “Keep this result” sends it to this server, which reads it once more.')]
    : [t('Read on the server'), t('Your drawing was sent to this server, read there and not kept. Where it can, your browser reads by itself as soon as it has loaded the network.')];
  return html('details', { class: 'where', 'data-where': where, open: isOpen },
    html('summary', { title: meaning }, icon(where === 'device' ? ICONS.device : ICONS.server), words),
    html('p', { class: 'small muted' }, meaning));
}

/** Fill `place` with the calm words of an error. */
export function showTrouble(place, { message, hint }) {
  place.replaceChildren(html('div', { class: 'notice' }, icon(ICONS.alert),
    html('p', { class: 'notice-title' }, message), html('p', { class: 'small' }, hint)));
}

/** Say below the answer that it could not be kept; the answer and the drawing stay. */
export function showNotSent(place) {
  place.querySelector('.notice')?.remove();
  const notice = html('div', { class: 'notice', role: 'status' }, icon(ICONS.alert),
    html('p', { class: 'notice-title' }, t('You are offline, so the picture was not sent.')));
  place.querySelector('.live-foot').after(notice);
  notice.scrollIntoView({ block: 'nearest' });
}

function footWords({ digits, doubtful, rejected }) {
  const words = [digits.length ? digitWords(digits.length, doubtful.length) : t('No digit yet.')];
  if (rejected.length) words.push(rejectedWords(rejected.length));
  return words.join(' ');
}

function digitWords(count, doubtful) {
  const none = tn('{count} digit, none to check.', '{count} digits, none to check.', count);
  return doubtful === 0 ? none : tn('{count} digit, {doubtful} to check.', '{count} digits, {doubtful} to check.', count, { doubtful });
}

function tileOf({ value, confidence, percent, doubtful, alternatives, frame }) {
  const link = frame ? { href: lensAddress(frame), title: t('Look inside: how the network sees this {value}', { value }) } : {};
  return html('li', { class: `digit${doubtful ? ' is-doubtful' : ''}` },
    html(frame ? 'a' : 'div', { class: 'digit-link', ...link },
      html('span', { class: 'digit-value' }, value),
      html('span', { class: 'digit-percent' }, percent),
      barOf(confidence),
      alternatives.length > 0 && rivalsOf(alternatives),
      doubtful && html('span', { class: 'tag' }, icon(ICONS.alert), t('check this'))));
}

function barOf(confidence) {
  return svg('svg', { class: 'bar', viewBox: '0 0 100 4', preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' },
    svg('rect', { width: (100 * confidence).toFixed(1), height: 4 }));
}

function rivalsOf(alternatives) {
  const rivals = alternatives.flatMap(({ value, percent }, index) => [
    index > 0 ? `${t(',')} ` : `${t('or')} `, html('span', {}, html('b', {}, value), ` ${percent}`),
  ]);
  return html('span', { class: 'digit-next' }, ...rivals);
}
