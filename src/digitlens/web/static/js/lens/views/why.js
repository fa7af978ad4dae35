// Why it may be wrong: what is unusual about the frame and its answer, in words, and what to do about it.

import { fetched } from '../../fetched.js';
import { html } from '../../dom.js';
import { t } from '../../words.js';
import { findDoubts } from '../doubts.js';
import { number } from '../numbers.js';
import { doubtWords } from './doubt-words.js';

/** Mount the view; it follows the store's frame. */
export async function mount(place, lens) {
  const usual = await loadUsual();
  const isMeasured = lens.network.then(({ description }) => description.sha256 === usual.model_sha256, () => false);
  const body = html('div', { class: 'doubts', role: 'status' });
  const source = html('p', { class: 'small muted' }, t(
    'Usual: 99 in 100 of the {frames} handwritten digits of MNIST that the network learned from, and, for its answers, of {answers} that it did not learn from. Unusual is not wrong: it is a reason to look twice.',
    { frames: number(usual.frames), answers: number(usual.answers) },
  ));
  place.replaceChildren(body, source);

  let shown = null;
  lens.subscribe(async ({ frame, answer, failure }) => {
    if (failure) body.replaceChildren(html('p', { class: 'muted' }, t('The network could not be asked.')));
    if (!answer || shown === answer) return;
    shown = answer;
    const logits = (await isMeasured) ? answer.logits : null; // ranges of scores hold for the network that was measured
    if (shown !== answer) return;
    const doubts = findDoubts(frame, { ...answer, logits }, usual);
    const far = doubts[0]?.code === 'blank' ? null : await farFrom(frame);
    if (shown !== answer) return;
    if (far) doubts.unshift(far);
    place.dataset.codes = doubts.map(({ code }) => code).join(' ');
    body.replaceChildren(doubts.length ? listOf(doubts) : nothing());
  });

  /** The doubt that the nearest training example is unusually far away; null where it is not, or there is no map. */
  async function farFrom(frame) {
    const address = document.querySelector('meta[name="digitlens-map"]')?.content;
    const found = address ? await lens.inWorker('neighbours#distanceOf', frame, address).catch(() => null) : null;
    if (!found || found.distance <= found.far) return null;
    return { code: 'far', measured: found.distance, low: null, high: found.far, value: found.label };
  }
}

function listOf(doubts) {
  return html('ul', { class: 'doubt-list' }, ...doubts.map((doubt) => {
    const { title, detail, advice } = doubtWords(doubt);
    return html('li', { class: 'doubt' }, html('p', { class: 'doubt-title' }, title),
      html('p', {}, detail), html('p', { class: 'doubt-advice' }, advice));
  }));
}

const nothing = () => html('div', { class: 'doubt doubt--none' },
  html('p', { class: 'doubt-title' }, t('Nothing that is measured here is unusual.')),
  html('p', {}, t('Stroke, place, size and ink are like those of the digits it learned from, and no other answer is close. It may be wrong all the same: how often, its confidence says.')));

async function loadUsual() {
  const address = document.querySelector('meta[name="digitlens-usual"]')?.content ?? '/static/lens/usual.json';
  return (await fetched(address)).json();
}
