// The calm notice of a view that cannot go on.

import { ICONS, html, icon } from '../dom.js';
import { t } from '../words.js';

/** Fill `place` with what happened and a button that tries again. */
export function showTrouble(place, again) {
  const button = html('button', { class: 'button', type: 'button' }, t('Try again'));
  button.addEventListener('click', again);
  place.replaceChildren(html('div', { class: 'notice', role: 'status' }, icon(ICONS.alert),
    html('p', { class: 'notice-title' }, t('This part could not be shown.')),
    html('p', { class: 'small' }, t('The network’s files may not have arrived, or this browser lacks something. The rest of the page goes on.')),
    html('div', { class: 'buttons' }, button)));
}
