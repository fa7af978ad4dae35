// The map: the test's digits as the network arranges them, the reader's digit among them, and its nearest of kin.

import { html } from '../../dom.js';
import { answerWords } from '../layer-words.js';
import { loadMap, votes } from '../neighbours.js';
import { number } from '../numbers.js';
import { pictureOf } from '../pictures.js';
import { centredOn, middles, nextTowards, wholeSheet, zoomAt } from '../sheet.js';
import { makeSheet } from '../sheet-canvas.js';
import { locale, t } from '../../words.js';

const TILE = 28;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ZOOM = 1.6;
const NEAR = 10; // zoom to look at one digit
const SHOWN = 8; // training examples

export async function mount(place, lens) {
  const address = document.querySelector('meta[name="digitlens-map"]')?.content ?? '';
  const map = await loadMap(address);
  if (!map) return place.replaceChildren(withoutMap());
  const [parts, sheet] = build(place, map);
  const picture = new Image();
  picture.src = map.about.pictures;
  const pictures = picture.decode().then(() => picture);
  pictures.then(sheet.showPictures).catch(() => {}); // the figures stay then
  let asked = 0;

  function choose(index) {
    sheet.choose(index);
    parts.chosen.hidden = index < 0;
    if (index < 0) return;
    const kind = kindOf(map.labels[index]);
    parts.chosenWords.textContent = kind;
    showTile(parts.chosenPicture, pictures, index, map.about.columns, kind);
  }
  parts.onPick = (index, isHover) => { if (!isHover || (index >= 0 && index !== sheet.chosen)) choose(index); };
  listenToKeys(sheet, map, parts, choose);

  lens.subscribe(async ({ frame }) => {
    const mine = ++asked;
    place.classList.add('is-stale');
    const found = await lens.inWorker('neighbours#locate', frame, address);
    if (mine !== asked || !found) return;
    place.classList.remove('is-stale');
    parts.own = found.place;
    sheet.showOwn(frame, found.place, found.tests.map(({ index }) => index));
    parts.words.textContent = amongWords(found.tests);
    parts.distance.textContent = distanceWords(found, map);
    sheet.canvas.setAttribute('aria-label', t('Map of {count} digits of the test set. {words}', { count: number(map.tests), words: amongWords(found.tests) }));
    parts.kin.replaceChildren(...found.training.slice(0, SHOWN).map(({ index, label, distance }) => {
      const canvas = pictureOf(kindOf(label), 'pixels');
      showTile(canvas, pictures, index, map.about.columns, trainingWords(label, distance));
      return html('li', {}, canvas, html('span', { class: 'kin-label', 'aria-hidden': 'true' }, label === 10 ? '×' : label),
        html('span', { class: 'small muted', 'aria-hidden': 'true' }, number(distance, 2)));
    }));
  });
}

function build(place, map) {
  const parts = {
    onPick: () => {},
    own: null,
    words: html('p', { class: 'map-words', role: 'status' }),
    distance: html('p', { class: 'small muted' }),
    kin: html('ol', { class: 'map-kin', dir: 'ltr' }),
    chosenPicture: pictureOf('', 'pixels'),
    chosenWords: html('p', { role: 'status' }),
  };
  parts.chosen = html('div', { class: 'map-chosen', hidden: true }, parts.chosenPicture, parts.chosenWords);
  const places = Array.from({ length: map.tests }, (_, index) => map.placeOf(index));
  const labels = map.labels.subarray(0, map.tests);
  const sheet = makeSheet({ places, labels, groups: middles(places, labels), columns: map.about.columns }, (index, isHover) => parts.onPick(index, isHover));
  sheet.canvas.setAttribute('role', 'application');
  sheet.canvas.setAttribute('aria-describedby', 'map-keys');
  parts.places = places;
  const middle = () => ({ x: sheet.side() / 2, y: sheet.side() / 2 });
  const button = (words, act, className = '') => {
    const made = html('button', { class: `button ${className}`, type: 'button' }, words);
    made.addEventListener('click', act);
    return made;
  };
  const nearer = button('+', () => sheet.look(zoomAt(sheet.view, ZOOM, middle(), sheet.side())), 'map-zoom');
  const farther = button('−', () => sheet.look(zoomAt(sheet.view, 1 / ZOOM, middle(), sheet.side())), 'map-zoom');
  nearer.setAttribute('aria-label', t('Zoom in'));
  farther.setAttribute('aria-label', t('Zoom out'));
  const mine = button(t('My digit'), () => { if (parts.own) sheet.look(centredOn(sheet.view, parts.own, NEAR)); });
  const whole = button(t('Whole map'), () => sheet.look(wholeSheet()));
  place.replaceChildren(html('div', { class: 'digit-map' },
    html('div', { class: 'map-sheet' }, sheet.canvas, parts.chosen, html('div', { class: 'buttons map-buttons' }, nearer, farther, mine, whole),
      html('p', { class: 'small muted', id: 'map-keys' },
        t('Tap a digit to see it. With the map in focus, arrow keys go from digit to digit, + and − zoom, 0 shows all, M goes to your digit.'))),
    html('div', { class: 'map-side stack' }, parts.words, parts.distance,
      html('div', {}, html('h3', {}, t('Its nearest training examples')),
        html('p', { class: 'small muted' }, t('Out of {count} that the network learned from, with their distance.', { count: number(map.count - map.tests) })),
        parts.kin),
      aboutMap(map))));
  return [parts, sheet];
}

function aboutMap(map) {
  const { measured, layer } = map.about;
  return html('details', { class: 'map-about' }, html('summary', {}, t('How to read this map')),
    html('p', { class: 'small' }, t('Before the last layer the network has {channels} numbers for a picture: for each feature of the layer {layer}, how strongly it answers on average. Pictures with like numbers lie side by side. The × are marks that are no digits.', { channels: number(map.mean.length), layer })),
    html('p', { class: 'small' }, t('A sheet has two dimensions only, so much is lost: who is whose neighbour can mostly be trusted, but how far two groups lie apart, and how large a group is, means nothing. The arrangement is made by t-SNE (van der Maaten and Hinton, 2008), once, from {tests} digits; yours is put between the ten that are nearest to it.', { tests: number(map.tests) })),
    html('p', { class: 'small' }, t('Neighbours are sought in {size} dimensions: there most of the ten nearest training examples name the right digit for {points} % of {count} held-out digits, and for {features} % with all {channels} numbers.', {
      size: number(map.size), points: number(100 * measured.accuracy_of_points, 1), features: number(100 * measured.accuracy_of_features, 1),
      count: number(measured.held_out), channels: number(map.mean.length),
    })));
}

function listenToKeys(sheet, map, parts, choose) {
  sheet.canvas.addEventListener('keydown', (event) => {
    const middle = { x: sheet.side() / 2, y: sheet.side() / 2 };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const keys = {
      '+': () => sheet.look(zoomAt(sheet.view, ZOOM, middle, sheet.side())),
      '-': () => sheet.look(zoomAt(sheet.view, 1 / ZOOM, middle, sheet.side())),
      0: () => sheet.look(wholeSheet()),
      m: () => { if (parts.own) sheet.look(centredOn(sheet.view, parts.own, NEAR)); },
      Escape: () => choose(-1),
    };
    keys['='] = keys['+'];
    const act = keys[event.key.toLowerCase()] ?? keys[event.key] ?? (ARROWS[event.key] && (() => {
      const from = sheet.chosen >= 0 ? parts.places[sheet.chosen] : parts.own ?? sheet.view;
      const next = nextTowards(parts.places, from, ...ARROWS[event.key]);
      if (next < 0) return;
      choose(next);
      if (sheet.view.zoom > 1) sheet.look(centredOn(sheet.view, parts.places[next]));
    }));
    if (!act) return;
    event.preventDefault();
    act();
  });
}

async function showTile(canvas, pictures, index, columns, words) {
  canvas.setAttribute('aria-label', words);
  const image = await pictures;
  Object.assign(canvas, { width: TILE, height: TILE });
  canvas.getContext('2d').drawImage(image, TILE * (index % columns), TILE * Math.floor(index / columns), TILE, TILE, 0, 0, TILE, TILE);
}

const kindOf = (label) => (label === 10 ? t('A mark that is no digit, drawn by code') : t('A {digit} of the test set', { digit: label }));

const trainingWords = (label, distance) => t('Training example: {answer}, at distance {distance}', { answer: answerWords(label), distance: number(distance, 2) });

/** "This one lies among the 3s: 9 of its 10 nearest are 3s. The others: 8 (1)." */
function amongWords(neighbours) {
  const [most, ...others] = votes(neighbours);
  const values = { count: number(most.count), of: number(neighbours.length), digit: most.label };
  const among = most.label === 10
    ? t('This one lies among the marks that are no digits: {count} of its {of} nearest.', values)
    : t('This one lies among the {digit}s: {count} of its {of} nearest are {digit}s.', values);
  if (!others.length) return among;
  const rest = others.map(({ label, count }) => t('{answer} ({count})', { answer: answerWords(label), count: number(count) }));
  return `${among} ${t('The others: {list}.', { list: new Intl.ListFormat(locale).format(rest) })}`;
}

function distanceWords({ training: [{ distance }], far }, map) {
  const values = { distance: number(distance, 1), far: number(map.far, 1) };
  return far
    ? t('It is far from all of them: the distance to its nearest training example is {distance}, where 1 is usual and 199 of 200 held-out digits stay below {far}.', values)
    : t('The distance to its nearest training example is {distance}; 1 is usual, and 199 of 200 held-out digits stay below {far}.', values);
}

function withoutMap() {
  return html('div', { class: 'notice' }, html('p', { class: 'notice-title' }, t('This network has no map yet.')),
    html('p', {}, t('Make one on the machine that serves, where its folder lies, and start the server again:')),
    html('pre', { dir: 'ltr' }, html('code', {}, 'digitlens map --model FOLDER --data var/mnist')));
}
