// LeNet-5 of 1998 and the served network on the same digit, with what each of them costs.

import { html } from '../../dom.js';
import { makeBars, verdictWords } from '../bars.js';
import { Brain, loadNetwork } from '../brain.js';
import { sizeOf } from '../layer-words.js';
import { drawSheet, greysOf, rangeOf } from '../map-sheet.js';
import { number } from '../numbers.js';
import { t } from '../../words.js';

const ADDRESS = '/model/lenet5/network.json';

export async function mount(place, lens) {
  const old = new Brain(ADDRESS);
  const [served, lenet] = await Promise.all([loadNetwork(), old.loadNetwork().catch(() => null)]);
  if (!lenet) {
    place.replaceChildren(html('p', { class: 'muted' }, t('No LeNet-5 lies beside the network that this server uses.')));
    return;
  }
  const sides = [
    makeSide(t('LeNet-5, 1998'), lenet),
    makeSide(t('The network that reads here'), served),
  ];
  const spoken = html('p', { class: 'visually-hidden', role: 'status' });
  place.replaceChildren(html('div', { class: 'rivals' }, ...sides.map(({ element }) => element)),
    html('p', { class: 'small muted lenet-note' }, t('This LeNet-5 was trained by this project, as it is commonly built today, not with the weights of 1998: its subsampling is a plain average without weights of its own, every map of the second convolution sees all six maps before it (in 1998 three to six of them), its output is a linear layer (in 1998 distances to drawn digits), and it has an eleventh answer, “not a digit”. It learned from MNIST’s training part, bent and redrawn, and from marks drawn by code.')),
    spoken);

  lens.subscribe(async ({ frame, answer }) => {
    if (!answer) return;
    const found = await Promise.all([old.activations(frame), lens.activations(frame)]);
    if (lens.frame !== frame) return;
    const answers = [lenet, served].map((network, side) => network.probabilities([...found[side].values()].at(-1).values));
    sides.forEach((side, index) => side.show(found[index], answers[index]));
    spoken.textContent = t('LeNet-5: {old}. The served network: {own}.', { old: verdictWords(answers[0]), own: verdictWords(answers[1]) });
  });
}

function makeSide(title, network) {
  const bars = makeBars();
  const verdict = html('p', { class: 'rival-verdict' });
  const canvas = html('canvas', { class: 'pixels', role: 'img', dir: 'ltr', hidden: true }); // until it has numbers to tell
  const maps = html('div', { class: 'rival-maps' }, canvas);
  const first = network.layers.find(({ kind }) => kind === 'convolution') ?? network.layers[1];
  const element = html('div', { class: 'rival panel' }, html('h3', {}, title), verdict, bars.element,
    html('p', { class: 'small muted' }, t('What its first layer makes of the digit:')), maps, factsTable(network));
  let shown = null;
  const draw = () => {
    if (!shown || !maps.clientWidth) return;
    const { channels } = sizeOf(shown.shape);
    const columns = channels > 12 ? 12 : 6;
    drawSheet(canvas, shown, { columns, count: channels, cell: Math.floor((maps.clientWidth + 4) / columns) - 4, range: greysOf(shown) });
  };
  new ResizeObserver(draw).observe(maps);
  return {
    element,
    show(activations, probabilities) {
      bars.show(probabilities);
      verdict.textContent = verdictWords(probabilities);
      shown = activations.get(first.name);
      const { low, high } = rangeOf(shown);
      canvas.setAttribute('aria-label', t('{count} maps of the first layer, from {low} to {high}', { count: number(sizeOf(shown.shape).channels), low: number(low, 2), high: number(high, 2) }));
      canvas.hidden = false;
      draw();
    },
  };
}

function factsTable({ description }) {
  const { accuracy, parameters, bytes, layers } = description;
  const multiplications = layers.reduce((sum, layer) => sum + layer.multiplications, 0);
  const share = (value) => number(100 * value, 2);
  const rows = [
    [t('right on MNIST’s test digits'), accuracy
      ? t('{share} % ({low} to {high} %)', { share: share(accuracy.value), low: share(accuracy.low), high: share(accuracy.high) })
      : t('not measured')],
    [t('parameters'), number(parameters)],
    [t('multiplications for a digit'), number(multiplications)],
    [t('size of the file'), t('{size} kB', { size: number(bytes / 1000) })],
  ];
  return html('table', { class: 'rival-facts' }, html('tbody', {}, ...rows.map(([words, value]) =>
    html('tr', {}, html('th', { scope: 'row' }, words), html('td', { class: 'number' }, value)))));
}
