// Chapter 7: how likely is each statement? Then the reader's guesses get the score that the network's answers got.

import { html } from '../../dom.js';
import { judge } from '../../learn/scores.js';
import { t, tn } from '../../words.js';
import { number } from '../numbers.js';

const UNSURE = 50;

export function mount(place) {
  const list = place.querySelector('[data-statements]');
  if (!list || place.dataset.live) return; // mounted before
  place.dataset.live = 'yes';
  const network = Number.parseFloat(list.dataset.networkLoss);
  const items = [...list.children].map(makeItem);
  const verdict = html('div', { class: 'verdict', role: 'status' });
  const done = html('button', { class: 'button button--main', type: 'button' }, t('Show what is true'));
  const again = html('button', { class: 'button', type: 'button', hidden: true }, t('Guess again'));
  done.addEventListener('click', () => {
    const guesses = items.map((item) => item.tell());
    verdict.replaceChildren(...sentences(judge(guesses), network).map((words) => html('p', {}, words)));
    done.hidden = true;
    again.hidden = false;
    again.focus();
  });
  again.addEventListener('click', () => {
    items.forEach((item) => item.ask());
    verdict.replaceChildren();
    again.hidden = true;
    done.hidden = false;
    items[0].slider.focus();
  });
  place.append(html('div', { class: 'buttons' }, done, again), verdict);
}

function sentences({ loss, sure, promised, right }, network) {
  const found = [
    t('Your mean cost is {loss}. Saying 50 % every time costs {unsure}; less is better.', { loss: number(loss, 2), unsure: number(Math.log(2), 2) }),
    sure
      ? tn('Once you were at least 80 % sure. You promised {promised} right, and {right} was.', '{count} times you were at least 80 % sure. You promised {promised} right, and {right} were.', sure, { promised: number(promised, 1), right })
      : t('You were never 80 % sure. That is safe, but it says little.'),
  ];
  if (network > 0) found.push(t('The network’s answers on the digits of MNIST’s test part cost {network} in the mean. It had an easier exam: it had practised.', { network: number(network, 3) }));
  return found;
}

function makeItem(row, index) {
  const claim = row.querySelector('[data-claim]');
  claim.id ||= `claim-${index}`;
  const details = row.querySelector('details');
  const isTrue = row.dataset.true === '1';
  const slider = html('input', { type: 'range', class: 'range', min: 1, max: 99, value: UNSURE, 'aria-labelledby': claim.id });
  const shown = html('output', {});
  const told = html('p', { class: 'told', hidden: true });
  const show = () => {
    shown.textContent = t('true with {percent} %', { percent: slider.value });
    slider.setAttribute('aria-valuetext', shown.textContent);
  };
  slider.addEventListener('input', show);
  details.hidden = true;
  row.append(html('div', { class: 'range-row' }, slider, shown), told);
  show();
  return {
    slider,
    tell() {
      slider.disabled = true;
      const truth = row.querySelector('[data-truth]').textContent;
      told.replaceChildren(html('strong', {}, isTrue ? t('True.') : t('Not true.')), ` ${truth}`);
      told.hidden = false;
      return { guess: Number(slider.value) / 100, isTrue };
    },
    ask() {
      slider.disabled = false;
      slider.value = UNSURE;
      told.hidden = true;
      show();
    },
  };
}
