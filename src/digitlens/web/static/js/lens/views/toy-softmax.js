// Chapter 5: the true scores of the digit, the temperature, and the probabilities that they become.

import { html } from '../../dom.js';
import { percent } from '../../format.js';
import { softmaxOf } from '../../learn/scores.js';
import { t } from '../../words.js';
import { number } from '../numbers.js';

const NAMES = () => [...'0123456789', t('not a digit')];

export async function mount(place, lens) {
  const { temperature: fitted } = await lens.network;
  const scores = Array(11).fill(0);
  const rows = NAMES().map((name, index) => makeRow(name, (value) => { scores[index] = value; show(); }));
  const slider = html('input', { type: 'range', id: 'temperature', min: -1, max: 1, step: 0.01, class: 'range' });
  const shown = html('output', { for: 'temperature' });
  const words = html('p', { class: 'toy-words', role: 'status' });
  let temperature = fitted; // the slider's steps would round it
  slider.addEventListener('input', () => { temperature = 10 ** Number(slider.value); show(); }); // 0.1 to 10
  const setHeat = (heat) => { temperature = heat; slider.value = Math.log10(heat); };

  function show() {
    shown.textContent = number(temperature, 2);
    slider.setAttribute('aria-valuetext', number(temperature, 2));
    const { powers, probabilities } = softmaxOf(scores, temperature);
    rows.forEach((row, index) => row.show(powers[index], probabilities[index]));
    const best = probabilities.indexOf(Math.max(...probabilities));
    rows.forEach((row, index) => row.element.classList.toggle('best', index === best));
    words.textContent = t('Most likely: {name}, with {sure}.', { name: NAMES()[best], sure: percent(probabilities[best]) });
  }

  function takeTrueScores() {
    if (!lens.answer) return;
    lens.answer.logits.forEach((score, index) => { scores[index] = score; });
    refill();
  }

  function refill() {
    rows.forEach((row, index) => row.fill(scores[index]));
    show();
  }

  const button = (label, act) => {
    const made = html('button', { class: 'button', type: 'button' }, label);
    made.addEventListener('click', act);
    return made;
  };
  place.replaceChildren(
    html('div', { class: 'range-row' }, html('label', { class: 'label', for: 'temperature' }, t('Temperature T')), slider, shown),
    html('div', { class: 'buttons' },
      button(t('Temperature of this network'), () => { setHeat(fitted); show(); }),
      button(t('All + 1'), () => { scores.forEach((score, index) => { scores[index] = score + 1; }); refill(); }),
      button(t('Back to the true scores'), takeTrueScores)),
    html('table', { class: 'scores', dir: 'ltr' },
      html('thead', {}, html('tr', {}, ...[t('Answer'), t('Score'), t('e to the power of score ÷ T'), t('Probability')].map((title) => html('th', { scope: 'col' }, title)))),
      html('tbody', {}, ...rows.map((row) => row.element))),
    words,
  );
  setHeat(fitted);
  show();
  lens.subscribe(takeTrueScores);
}

function makeRow(name, change) {
  const field = html('input', { type: 'number', step: 0.5, class: 'weight', 'aria-label': t('Score of {name}', { name }) });
  const power = html('td', {});
  const share = html('span', { class: 'share' });
  const bar = html('span', { class: 'bar', 'aria-hidden': 'true' });
  const element = html('tr', {}, html('th', { scope: 'row' }, name), html('td', {}, field), power, html('td', { class: 'share-cell' }, bar, share));
  field.addEventListener('input', () => { if (Number.isFinite(field.valueAsNumber)) change(field.valueAsNumber); });
  return {
    element,
    fill(score) { field.value = Number(score.toFixed(2)); },
    show(value, probability) {
      power.textContent = large(value);
      share.textContent = percent(probability);
      bar.style.setProperty('--share', probability);
    },
  };
}

/** A positive number of any size: 0.0012, 35.2, 4.1 × 10⁸. */
function large(value) {
  if (!Number.isFinite(value)) return t('too large');
  if (value === 0) return '0';
  const exponent = Math.floor(Math.log10(value));
  if (exponent >= -2 && exponent < 5) return number(value, Math.max(0, 2 - exponent));
  const raised = [...String(exponent)].map((sign) => (sign === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[sign])).join('');
  return `${number(value / 10 ** exponent, 1)} × 10${raised}`;
}
