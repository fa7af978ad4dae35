// The network from the frame to the answer: every layer's maps, any unit's sum, and what happens without a map.

import { html } from '../../dom.js';
import { answerEnd } from '../answer-end.js';
import { ranking } from '../../answers.js';
import { makeKnockOut } from '../knock-out.js';
import { isPicture, layerWords, makeWording, sizeOf } from '../layer-words.js';
import { channelFacts, drawPreview, greysOf, makeMapSheet, strongestPlace } from '../map-sheet.js';
import { makeMapView } from '../map-view.js';
import { number } from '../numbers.js';
import { explainUnit, usersOf, valueAt } from '../unit.js';
import { unitView } from '../unit-view.js';
import { t } from '../../words.js';

const MOST_MAPS = 1024; // more channels are one long row, which is shown folded

export async function mount(place, lens) {
  const network = await lens.network.catch((error) => {
    if (error.name !== 'UnsupportedNetwork') throw error;
    place.replaceChildren(html('p', { class: 'muted' }, t('The lens cannot take this network apart: it holds {operation}. Its answers are not affected.', { operation: error.operation })));
    return null;
  });
  if (!network) return;
  const layers = new Map(network.layers.map((layer) => [layer.name, layer]));
  const words = layerWords(network.layers);
  const wording = makeWording(network.layers);
  const places = new Map(); // layer -> the place last looked at
  let activations = null;
  let ranges = null;
  let open = null; // name of the open layer
  let answer = null; // whose places the last layer shows

  const said = html('p', { class: 'visually-hidden', role: 'status' });
  const knock = makeKnockOut(lens, { wording, onChange: () => renderPanel(), go: (name, channel) => go(name, { ...places.get(name), channel }) });
  const panel = makePanel({
    onMap: (channel) => look({ ...places.get(open), channel }),
    onUnit: look,
    onKnock: () => knock.toggle(open, places.get(open).channel),
  });
  const rows = new Map(network.layers.map((layer, index) => [layer.name, makeRow(layer, words[index], () => openLayer(layer.name === open ? null : layer.name))]));
  const list = html('ol', { class: 'layers' }, ...[...rows.values()].map(({ element }) => element));
  place.replaceChildren(html('p', { class: 'small muted' }, sizeWords(network)), list, said);
  new ResizeObserver(drawPreviews).observe(list);

  async function update({ frame, answer: known }) {
    if (known) knock.update();
    if (frame === update.frame) return;
    update.frame = frame;
    knock.forget();
    const found = await lens.activations(frame);
    if (lens.frame !== frame) return;
    activations = found;
    ranges = new Map([...found].map(([name, activation]) => [name, name === network.layers[0].name ? { low: 0, high: 1, most: 1 } : greysOf(activation)]));
    answer = null;
    for (const { name } of network.layers) if (name !== open) places.delete(name);
    drawPreviews();
    if (update.isSecond) renderPanel();
    else openLayer((network.layers.find(({ kernel }) => kernel) ?? network.layers[0]).name);
    update.isSecond = true;
  }

  function drawPreviews() {
    if (!activations) return;
    for (const [name, { preview }] of rows) {
      const width = preview.parentElement.clientWidth;
      if (width) drawPreview(preview, activations.get(name), width, ranges.get(name));
    }
  }

  function openLayer(name) {
    open = name;
    for (const [key, row] of rows) row.setOpen(key === name);
    if (name) {
      rows.get(name).element.append(panel.element);
    } else {
      panel.element.remove();
    }
    const isBetween = name && layers.get(name).kind !== 'input' && name !== network.layers.at(-1).name;
    if (isBetween) panel.beside.append(knock.element);
    else list.after(knock.element);
    knock.setLayer(isBetween ? name : network.layers[1].name); // frame and scores hold no maps to silence
    renderPanel();
  }

  /** Look at another unit of the open layer. */
  function look(spot) {
    places.set(open, spot);
    renderPanel();
    said.textContent = `${wording.unit(open, spot)}: ${number(valueAt(activations.get(open), spot), 4)}`;
  }

  /** Follow a number to the unit that it came from, or that it goes to. */
  function go(name, spot) {
    places.set(name, spot);
    if (name !== open) openLayer(name);
    look(spot);
    panel.focus();
  }

  async function renderPanel() {
    if (!open || !activations) return;
    const layer = layers.get(open);
    const activation = activations.get(open);
    const isLast = layer === network.layers.at(-1);
    if (!places.has(open)) places.set(open, isLast ? { row: 0, column: 0, channel: ranking(activation.values)[0] } : strongestPlace(activation));
    const spot = places.get(open);
    const unit = explainUnit(network, activations, open, spot);
    const context = { place: spot, layer, wording, ranges, go };
    panel.show({
      layer, activation, range: ranges.get(open), spot, title: isPicture(layer) ? wording.map(open, spot.channel) : wording.title(open),
      knocked: knock.channelsOf(open), isLast, canKnock: layer.kind !== 'input' && !isLast,
      unit: unitView(unit, usersOf(network, activations, open, spot), context),
      unitWords: `${wording.unit(open, spot)}: ${number(unit.value, 4)}`,
    });
    const name = open;
    const end = isLast ? await answerEnd(network, activations, answer ?? spot.channel, (chosen) => { answer = chosen; look({ row: 0, column: 0, channel: chosen }); }) : null;
    if (name === open) panel.setEnd(end);
  }

  lens.subscribe(update);
}

function sizeWords({ layers, description }) {
  return t('{layers} layers, {parameters} parameters, {multiplications} multiplications for one digit.', {
    layers: number(layers.length), parameters: number(description.parameters),
    multiplications: number(layers.reduce((sum, layer) => sum + layer.multiplications, 0)),
  });
}

function greysWords({ low, high, most }) {
  const values = { low: number(low, 2), high: number(high, 2), most: number(most, 2) };
  return values.most === values.high
    ? t('black is {low}, white is {high}', values)
    : t('black is {low}, white is {high} and more, up to {most}', values);
}

/** One layer of the list: its name and facts, which open it, and its first maps. */
function makeRow(layer, { title, what, facts }, onOpen) {
  const preview = html('canvas', { 'aria-hidden': 'true', dir: 'ltr' });
  const button = html('button', { class: 'layer-open', type: 'button', 'aria-expanded': 'false' }, title);
  button.addEventListener('click', onOpen);
  const element = html('li', { class: `layer layer--${layer.kind}` },
    html('div', { class: 'layer-row' },
      html('div', { class: 'layer-words' }, html('h3', {}, button), html('p', { class: 'small' }, what), html('p', { class: 'small muted layer-facts' }, facts)),
      html('div', { class: 'layer-preview' }, preview)));
  return {
    element, preview,
    setOpen(isOpen) {
      button.setAttribute('aria-expanded', String(isOpen));
      element.classList.toggle('is-open', isOpen);
    },
  };
}

/** What an open layer shows: all maps, the chosen one large, the unit's arithmetic. */
function makePanel({ onMap, onUnit, onKnock }) {
  const sheet = makeMapSheet({ onChoose: onMap });
  const map = makeMapView({ onChoose: onUnit });
  const legend = html('p', { class: 'grey-legend small' });
  const mapTitle = html('h4', {});
  const mapFacts = html('p', { class: 'small muted' });
  const knockButton = html('button', { class: 'button knock-switch', type: 'button', 'aria-pressed': 'false' }, t('Knock out this map'));
  knockButton.addEventListener('click', onKnock);
  const unit = html('div', { class: 'unit-place' });
  const end = html('div', {});
  const beside = html('div', { class: 'look-beside' });
  const element = html('div', { class: 'layer-panel' }, legend, sheet.element,
    html('div', { class: 'look' }, html('div', { class: 'look-map' }, mapTitle, map.element, mapFacts, knockButton, beside), unit), end);

  function show({ layer, activation, range, spot, title, knocked, canKnock, isLast, unit: unitElement, unitWords }) {
    const { channels } = sizeOf(layer.shape);
    const isMany = channels > MOST_MAPS;
    const isSingle = !isPicture(layer);
    legend.replaceChildren(html('span', { class: 'grey-legend-bar', 'aria-hidden': 'true' }),
      greysWords(range));
    sheet.element.hidden = isMany || channels === 1 || isLast;
    legend.hidden = isLast;
    if (!sheet.element.hidden) {
      sheet.show(activation, { id: `map-${layer.name}`, range, chosen: spot.channel, knocked, label: isSingle ? t('All numbers of {title}', { title }) : t('All maps of {title}', { title }) });
    }
    map.element.hidden = isSingle && !isMany;
    const facts = channelFacts(activation, spot.channel);
    if (!map.element.hidden) {
      map.show(activation, spot, { range: isSingle || layer.kind === 'input' ? range : facts, label: t('{unit}. Arrow keys move to its neighbours.', { unit: unitWords }) });
    }
    mapTitle.textContent = title;
    mapFacts.textContent = isSingle ? '' : t('black is {low}, white is {high}; mean {mean}', { low: number(facts.low, 4), high: number(facts.high, 4), mean: number(facts.mean, 4) });
    knockButton.hidden = !canKnock;
    knockButton.setAttribute('aria-pressed', String(knocked?.has(spot.channel) ?? false));
    knockButton.textContent = isSingle ? t('Knock out this number') : t('Knock out this map');
    unit.replaceChildren(unitElement);
  }

  return {
    element, show, beside,
    setEnd: (content) => end.replaceChildren(...(content ? [content] : [])),
    focus: () => (map.element.hidden ? sheet.element.querySelector('[role=listbox]') : map.element).focus(),
  };
}
