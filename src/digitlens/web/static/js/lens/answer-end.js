// The end of the network: sums over places for each answer, temperature, softmax; all as numbers.

import { ranking } from '../answers.js';
import { html } from '../dom.js';
import { percent } from '../format.js';
import { answerWords } from './layer-words.js';
import { number, signed } from './numbers.js';
import { pictureOf } from './pictures.js';
import { drawSigned } from './signed.js';
import { t } from '../words.js';

/** NETWORK's `contributions`: exact sums over places, or null where the network ends otherwise. */
const contributionsOf = async (network, activations) => {
  const module = await import('./gradients.js');
  return module.contributions(network, activations);
};

/**
 * @param {Network} network
 * @param {Map} activations
 * @param {number} chosen the answer whose places are shown, 0 to 10
 * @param {(answer: number) => void} choose
 */
export async function answerEnd(network, activations, chosen, choose) {
  const logits = [...activations.values()].at(-1).values;
  const probabilities = network.probabilities(logits);
  const spread = await contributionsOf(network, activations);
  return html('div', { class: 'answer-end' },
    spread && placesPart(spread, chosen, logits),
    softmaxTable({ logits, probabilities, temperature: network.temperature }, chosen, choose));
}

function placesPart({ values, shape: [height, width, answers], bias }, chosen, logits) {
  const places = Float32Array.from({ length: height * width }, (_, place) => values[place * answers + chosen]);
  const sum = places.reduce((total, value) => total + value, 0);
  const strongest = ranking(places.map(Math.abs)).slice(0, 3);
  const spot = (place) => t('row {row}, column {column}: {value}', {
    row: number(Math.floor(place / width) + 1), column: number((place % width) + 1), value: signed(places[place], 2),
  });
  const label = t('What each of {count} places adds to “{answer}”. The largest: {places}.', {
    count: number(height * width), answer: answerWords(chosen), places: strongest.map(spot).join('; '),
  });
  const canvas = pictureOf(label, 'pixels places-picture');
  drawSigned(canvas, places, width, height);
  const own = bias[chosen];
  return html('div', { class: 'places' }, canvas, html('div', {},
    html('p', {}, t('The places of the last maps, {height} × {width}, and what each adds to the score of “{answer}”:', { height: number(height), width: number(width), answer: answerWords(chosen) })),
    html('p', { class: 'signs' }, html('span', { class: 'sign sign--for' }, t('+ for it')), ' ', html('span', { class: 'sign sign--against' }, t('− against it'))),
    html('ul', { class: 'small' }, ...strongest.map((place) => html('li', {}, spot(place)))),
    html('p', { class: 'number' }, t('all places {sum} and the bias {bias} make {score}', { sum: signed(sum, 4), bias: signed(own, 4), score: number(logits[chosen], 4) }))));
}

function softmaxTable({ logits, probabilities, temperature }, chosen, choose) {
  const top = Math.max(...logits);
  const powers = Array.from(logits, (logit) => Math.exp((logit - top) / temperature));
  const sum = powers.reduce((total, power) => total + power, 0);
  const head = [t('Answer'), t('Score'), t('÷ {temperature}', { temperature: number(temperature, 4) }), t('Power'), t('Probability')];
  const rows = Array.from(logits, (logit, answer) => {
    const button = html('button', { class: 'chip', type: 'button', 'aria-pressed': String(answer === chosen) }, answerWords(answer));
    button.addEventListener('click', () => choose(answer));
    const cells = [number(logit, 4), number(logit / temperature, 4), powerWords(powers[answer]), percent(probabilities[answer])];
    return html('tr', { class: answer === chosen ? 'is-chosen' : null }, html('th', { scope: 'row' }, button),
      ...cells.map((words) => html('td', { class: 'number' }, words)));
  });
  return html('div', { class: 'softmax' },
    html('p', {}, t('From scores to probabilities: each score is divided by the temperature, {temperature}, which was fitted so that the confidence means what it says. Then e is raised to it (the largest is taken off first, which changes nothing), and each power is divided by the sum of all, {sum}.', { temperature: number(temperature, 4), sum: number(sum, 4) })),
    html('div', { class: 'table-scroll', tabindex: '0', role: 'region', 'aria-label': t('Scores and probabilities') },
      html('table', { class: 'softmax-table' }, html('thead', {}, html('tr', {}, ...head.map((words) => html('th', { scope: 'col' }, words)))), html('tbody', {}, ...rows))));
}

const powerWords = (power) => (power >= 0.00005 ? number(power, 4) : power.toExponential(1).replace('-', '−'));
