// What happens without some channels: switches, the answer beside the real one, and which single channel matters most.

import { html } from '../dom.js';
import { percent } from '../format.js';
import { ranking } from '../answers.js';
import { makeBars, verdictWords } from './bars.js';
import { answerWords } from './layer-words.js';
import { number } from './numbers.js';
import { t, tn } from '../words.js';

const SHOWN = 6;

/**
 * @param {object} lens
 * @param {{wording: object, onChange: (knocked) => void, go: (layer: string, channel: number) => void}} options
 */
export function makeKnockOut(lens, { wording, onChange, go }) {
  const knocked = {}; // layer -> Set of channels
  const bars = makeBars();
  const chips = html('ul', { class: 'chips' });
  const restore = html('button', { class: 'button', type: 'button' }, t('Restore all'));
  const verdict = html('p', { class: 'knock-verdict', role: 'status' });
  const body = html('div', { class: 'knock-body', hidden: true }, chips, verdict, bars.element, restore);
  const empty = html('p', { class: 'muted small' }, t('Silence one or more maps, in any layers, and see the answer without them.'));
  const search = html('button', { class: 'button', type: 'button' }, t('Which one matters most?'));
  const progress = html('p', { class: 'small muted', role: 'status' });
  const found = html('ol', { class: 'matters' });
  const note = html('p', { class: 'small' });
  const together = html('button', { class: 'button', type: 'button', hidden: true });
  const element = html('div', { class: 'knock' },
    html('h4', {}, t('Knock-out')), empty, body, html('div', { class: 'buttons' }, search), progress, note, found, together);
  let layer = null;
  let running = null;

  const has = (name, channel) => knocked[name]?.has(channel) ?? false;
  const all = () => Object.entries(knocked).flatMap(([name, channels]) => [...channels].map((channel) => [name, channel]));

  function toggle(name, channel) {
    const channels = (knocked[name] ??= new Set());
    if (!channels.delete(channel)) channels.add(channel);
    if (!channels.size) delete knocked[name];
    changed();
  }

  /** Knock out all of these channels. */
  function add(name, channels) {
    knocked[name] = new Set([...(knocked[name] ?? []), ...channels]);
    changed();
  }

  function changed() {
    onChange(knocked);
    update();
  }

  async function update() {
    const list = all();
    body.hidden = !list.length;
    empty.hidden = list.length > 0;
    chips.replaceChildren(...list.map(([name, channel]) => {
      const words = wording.map(name, channel);
      const button = html('button', { class: 'chip', type: 'button', 'aria-label': t('Restore {map}', { map: words }) }, words, ' ×');
      button.addEventListener('click', () => toggle(name, channel));
      return html('li', {}, button);
    }));
    if (!list.length || !lens.answer) return;
    const { frame, answer } = lens;
    const probabilities = await lens.inWorker('inside#answerWithout', frame, knocked);
    if (lens.frame !== frame || all().length !== list.length) return; // something changed meanwhile
    bars.show(probabilities, answer.probabilities);
    verdict.textContent = t('Without: {without}. With all: {with}.', { without: verdictWords(probabilities), with: verdictWords(answer.probabilities) });
  }

  search.addEventListener('click', async () => {
    forget();
    running = new AbortController();
    const { signal } = running;
    const name = layer;
    search.disabled = true;
    const onProgress = ({ channel, of }) => { progress.textContent = t('{done} of {all} tried', { done: number(channel), all: number(of) }); };
    const list = await lens.inWorker({ task: 'inside#knockEach', onProgress, signal }, lens.frame, name, knocked).finally(() => { search.disabled = false; });
    if (signal.aborted || !list) return;
    progress.textContent = tn('{shown} map tried, one at a time. The one that moves the answer most:', '{shown} maps tried, one at a time. Those that move the answer most:', list.length, { shown: number(list.length) });
    const most = list.slice(0, SHOWN);
    together.hidden = false;
    together.textContent = t('Knock out these {count} together', { count: number(most.length) });
    together.onclick = () => add(name, most.map(({ channel }) => channel));
    note.textContent = most[0].change < 0.01 ? t('No single one changes much: what this layer knows is spread over many maps.') : '';
    found.replaceChildren(...most.map(({ channel, probabilities, change }) => {
      const [first] = ranking(probabilities);
      const button = html('button', { class: 'chip', type: 'button' }, t('map {map}', { map: number(channel + 1) }));
      button.addEventListener('click', () => go(name, channel));
      return html('li', {}, button, html('span', { class: 'small' }, t('{answer}, {share} without it; the answer shifts by {change}', {
        answer: answerWords(first), share: percent(probabilities[first]), change: percent(change),
      })));
    }));
  });

  /** The layer whose maps are searched; another one ends a search. */
  function setLayer(name) {
    if (layer === name) return;
    layer = name;
    forget();
  }

  function forget() {
    running?.abort();
    search.disabled = false;
    progress.textContent = '';
    note.textContent = '';
    together.hidden = true;
    found.replaceChildren();
  }

  restore.addEventListener('click', () => {
    for (const name of Object.keys(knocked)) delete knocked[name];
    changed();
  });
  return { element, has, toggle, update, setLayer, forget, channelsOf: (name) => knocked[name] };
}
