// Evidence: what speaks for a class and what against it, by four methods, each with its source and its limits.

import { NOT_A_DIGIT } from '../../answers.js';
import { html } from '../../dom.js';
import { t } from '../../words.js';
import { SIDE } from '../frames.js';
import { answerWords } from '../layer-words.js';
import { number, signed } from '../numbers.js';
import { byRegion, coverEach, dropsOf, inkBox, regionOf, scoreOf, weightsOf } from '../occlusion.js';
import { greatest } from '../smallest.js';
import { makeEvidencePicture } from './evidence-picture.js';
import { regionWords } from './experiment-words.js';

const methodsOf = () => ({
  erase: {
    name: t('Cover with paper'),
    note: t('Each place shows how much the score falls when a square of 5 × 5 pixels that contains it is made empty: the mean of all such squares. Source: Zeiler and Fergus, 2014. It depends on the size of the square, and a digit with a hole is unlike what the network learned from.'),
  },
  ink: {
    name: t('Cover with ink'),
    note: t('The same with squares of ink: filled cells are places that help by being empty. After Zeiler and Fergus, 2014. It depends on the size of the square, and such blots are unlike what the network learned from.'),
  },
  gradients: {
    name: t('Integrated gradients'),
    note: t('The way from an empty frame to this one, in 64 steps: each pixel gets its share of what the score gained. Source: Sundararajan, Taly and Yan, 2017. It depends on the empty frame as a start: places without ink get nothing, though their emptiness may matter.'),
  },
  places: {
    name: t('Shares of places'),
    note: t('The last layer adds up what it finds at each of a few places: these are its exact summands. A place sees more of the frame than the square that shows it, so the borders are not sharp.'),
  },
});

/** Mount the view; it follows the store's frame. */
export function mount(place, lens) {
  const methods = methodsOf();
  const name = `evidence-method-${Math.random().toString(36).slice(2)}`;
  const choices = Object.entries(methods).map(([value, { name: label }], index) => html('label', { class: 'choice' },
    html('input', { type: 'radio', name, value, checked: index === 0 }), html('span', {}, label)));
  const classes = (first) => html('select', {}, first, ...Array.from({ length: NOT_A_DIGIT + 1 }, (_, value) => html('option', { value }, answerWords(value))));
  const [speaks, rather] = [classes(null), classes(html('option', { value: '' }, t('all others')))];
  const [note, where, legend] = [html('p', { class: 'small muted evidence-note' }), html('p', { class: 'evidence-place', role: 'status' }), html('div', { class: 'evidence-legend' })];
  const [summary, units] = [html('p', { class: 'evidence-summary' }), html('span', { class: 'evidence-sum' })];
  const progress = html('progress', { max: 1, value: 0, 'aria-label': t('Progress of the computation'), hidden: true });
  const picture = makeEvidencePicture(tellPlace);
  const swap = html('button', { class: 'button', type: 'button' }, t('Ask for the runner-up'));
  const way = html('fieldset', { class: 'choices' }, html('legend', {}, t('Method')), ...choices);
  const asking = html('div', { class: 'evidence-classes' },
    html('label', {}, t('Speaks for'), ' ', speaks), html('label', {}, t('rather than'), ' ', rather), swap);
  // Before there is an answer there is nothing to ask for, and its arrival would undo what was chosen.
  const setReady = (isReady) => { for (const control of [way, speaks, rather, swap]) control.disabled = !isReady; };
  setReady(false);
  place.replaceChildren(html('div', { class: 'evidence' },
    html('div', { class: 'evidence-picture' }, picture.element, progress, where),
    html('div', { class: 'evidence-words stack' },
      way,
      asking,
      summary, legend, note)));

  let [frame, shown, running] = [null, null, null];
  const kept = new Map(); // of this frame: what does not depend on the class

  const method = () => place.querySelector(`input[name="${name}"]:checked`).value;
  const value = () => Number(speaks.value);
  const other = () => (rather.value === '' ? null : Number(rather.value));

  for (const input of [...choices, speaks, rather]) input.addEventListener('change', () => compute());
  swap.addEventListener('click', () => {
    if (!lens.answer) return; // a new digit's is under way
    const { logits } = lens.answer;
    const best = greatest(logits);
    speaks.value = value() === best ? greatest(logits, best) : best;
    rather.value = '';
    compute();
  });

  async function compute() {
    running?.abort();
    const mine = running = new AbortController();
    const asked = { frame, kind: method(), value: value(), other: other() };
    if (asked.other === asked.value) { rather.value = ''; asked.other = null; }
    note.textContent = methods[asked.kind].note;
    place.firstChild.classList.add('is-stale');
    progress.hidden = false;
    if (asked.kind === 'erase' || asked.kind === 'ink') progress.value = 0;
    else progress.removeAttribute('value'); // how long is not known
    const weights = weightsOf(asked.value, asked.other);
    try {
      const found = await evidenceOf(asked, weights, mine.signal);
      if (mine === running && found) show({ ...asked, ...found });
    } catch (error) {
      if (mine !== running) return;
      console.info('No evidence:', error);
      summary.textContent = t('The network could not be asked.');
    } finally {
      if (mine === running) progress.hidden = true;
    }
  }

  /** `{values, side, ...}` of a method; `sum` and `difference` where it is complete. */
  async function evidenceOf({ frame: of, kind }, weights, signal) {
    const onProgress = (share) => { progress.value = share; };
    if (kind === 'erase' || kind === 'ink') {
      if (!kept.has(kind)) kept.set(kind, await coverEach(of, Number(kind === 'ink'), lens.classify, { signal, onProgress }));
      return { values: dropsOf(kept.get(kind), weights) };
    }
    if (kind === 'gradients') {
      const found = await lens.inWorker({ task: 'gradients#integratedGradients', signal, onProgress }, of, weights);
      return found && { values: found.attributions, sum: found.sum, difference: found.difference };
    }
    const network = await lens.network;
    const { contributions } = await import('../gradients.js');
    const exact = contributions(network, await lens.activations(of));
    if (!exact) return { none: t('This network does not end in a sum over places.'), values: new Float32Array(SIDE * SIDE) };
    const [height, width, count] = exact.shape;
    const values = Float32Array.from({ length: height * width }, (_, at) => scoreOf(exact.values.subarray(at * count, (at + 1) * count), weights));
    const sum = values.reduce((total, one) => total + one, 0);
    return { values, sum, difference: scoreOf(lens.answer.logits, weights) - scoreOf(exact.bias, weights), bias: scoreOf(exact.bias, weights) };
  }

  function show(found) {
    shown = found;
    place.firstChild.classList.remove('is-stale');
    const sentence = found.none ?? summaryOf(found);
    summary.textContent = sentence;
    units.textContent = unitsOf(found);
    where.textContent = t('Point at a place, tap it, or move with the arrow keys.');
    picture.show(found.frame, found.values, sentence);
    const [most, least] = [Math.max(0, ...found.values), Math.min(0, ...found.values)];
    legend.replaceChildren(
      html('span', {}, html('i', { class: 'key-for' }), t('for {answer}: up to {value}', { answer: answerWords(found.value), value: signed(most, 2) })),
      html('span', {}, html('i', { class: 'key-against' }), t('against it: down to {value}', { value: signed(least, 2) })),
      html('span', { class: 'evidence-sum' }, totalOf(found)), units);
    const total = found.values.reduce((sum, one) => sum + one, 0);
    swap.textContent = found.value === greatest(lens.answer.logits) ? t('Ask for the runner-up') : t('Ask for the answer');
    Object.assign(place.dataset, { method: found.kind, value: found.value, rather: found.other ?? '', total, most, least });
  }

  function tellPlace(at) {
    if (!shown || shown.none) return;
    const [row, column] = [Math.floor(at / SIDE), at % SIDE];
    const side = Math.round(Math.sqrt(shown.values.length));
    const cell = Math.floor((row * side) / SIDE) * side + Math.floor((column * side) / SIDE);
    const box = inkBox(shown.frame);
    where.textContent = t('Row {row}, column {column} ({region}): {value}', {
      row: row + 1, column: column + 1, value: signed(shown.values[cell], 3),
      region: box ? regionWords(regionOf(row, column, box)) : t('no ink'),
    });
  }

  lens.subscribe(({ frame: next, answer, failure }) => {
    if (failure) summary.textContent = t('The network could not be asked.'); // the view of the answer says why
    if (!answer || next === frame) return null;
    frame = next;
    kept.clear();
    setReady(true);
    speaks.value = greatest(answer.logits);
    rather.value = '';
    return compute();
  });
}

/** Only what was measured: the part of the digit with the most for the class, and the one with the most against it. */
function summaryOf({ frame, values, kind, value, other }) {
  const fine = values.length === frame.length ? values : enlarged(values);
  const regions = byRegion(frame, fine);
  if (!regions) return t('There is no ink in this frame.');
  const measure = kind === 'gradients' ? 'sum' : 'mean';
  const shares = regions.map((region) => region[measure]);
  const [most, least] = [greatest(shares), greatest(shares.map((share) => -share))];
  const words = { answer: answerWords(value), other: other === null ? '' : answerWords(other),
    most: regionWords(most), much: signed(shares[most], 2), least: regionWords(least), little: signed(shares[least], 2) };
  const first = other === null ? t('Most for {answer}: {most} ({much}).', words) : t('Most for {answer} rather than {other}: {most} ({much}).', words);
  const second = shares[least] < -0.005 ? t('Most against it: {least} ({little}).', words) : t('No part of it speaks against it on the whole.');
  return `${shares[most] > 0.005 ? first : t('No part speaks for {answer} on the whole.', words)} ${second}`;
}

/** Whether the numbers add up, in numbers; for what is not meant to add up, nothing. */
function totalOf({ sum, difference, bias }) {
  if (sum === undefined) return '';
  if (bias === undefined) return t('All together {sum}; the score rose by {difference} from the empty frame, so the finite steps miss {error}.', { sum: signed(sum, 2), difference: signed(difference, 2), error: number(Math.abs(sum - difference), 2) });
  return t('All together {sum}; with the bias {bias} this is the score {score}.', { sum: signed(sum, 2), bias: signed(bias, 2), score: signed(sum + bias, 2) });
}

const unitsOf = ({ kind, none }) => (none ? '' : kind === 'gradients'
  ? t('The score is a difference of logits; the parts are thirds of the digit’s box with what lies beyond. Each number is the sum over its part.')
  : t('The score is a difference of logits; the parts are thirds of the digit’s box with what lies beyond. Each number is the mean over its part.'));

function enlarged(values) {
  const side = Math.round(Math.sqrt(values.length));
  return Float32Array.from({ length: SIDE * SIDE }, (_, at) =>
    values[Math.floor((Math.floor(at / SIDE) * side) / SIDE) * side + Math.floor(((at % SIDE) * side) / SIDE)]);
}
