// Chapter 2: a photo with a shadow; one threshold for the whole picture, or every place against its surroundings.

import { html } from '../../dom.js';
import { percent } from '../../format.js';
import { greyOf, inkBelow, surroundingsOf } from '../../learn/ink.js';
import { t } from '../../words.js';
import { pictureOf } from '../pictures.js';

const WIDTH = 480;
const REACH = 24;
const WAYS = { whole: { least: 0, most: 255, first: 130 }, local: { least: 1, most: 80, first: 18 } };

export async function mount(place) {
  const photo = place.querySelector('[data-photo]') ?? html('img', { src: '/static/samples/pencil-shadow.jpg', alt: '' });
  await photo.decode();
  const height = Math.round((WIDTH * photo.naturalHeight) / photo.naturalWidth);
  const grey = greyOf(pixelsOf(photo, WIDTH, height));
  const paper = surroundingsOf(grey, WIDTH, height, REACH);
  const chosen = { way: 'whole', whole: WAYS.whole.first, local: WAYS.local.first };

  const picture = pictureOf(t('What is called ink'), 'toy-photo');
  const slider = html('input', { type: 'range', id: 'threshold', class: 'range', step: 1 });
  const shown = html('output', { for: 'threshold' });
  const label = html('label', { class: 'label', for: 'threshold' });
  const words = html('p', { class: 'toy-words', role: 'status' });

  function show() {
    const { way } = chosen;
    const limit = chosen[way];
    const ink = inkBelow(grey, way === 'whole' ? () => limit : (at) => paper[at] - limit);
    draw(picture, ink, WIDTH, height);
    const share = percent(ink.reduce((sum, value) => sum + value, 0) / ink.length);
    const values = { limit, share };
    words.textContent = way === 'whole'
      ? t('Everything darker than {limit} is ink: {share} of the picture.', values)
      : t('Everything darker than its surroundings by {limit} is ink: {share} of the picture.', values);
    picture.setAttribute('aria-label', words.textContent);
    shown.textContent = limit;
  }

  function choose(way) {
    chosen.way = way;
    label.textContent = way === 'whole' ? t('Darker than') : t('Darker than its surroundings by');
    Object.assign(slider, { min: WAYS[way].least, max: WAYS[way].most });
    slider.value = chosen[way];
    show();
  }

  const radio = (way, name) => {
    const input = html('input', { type: 'radio', name: 'way', value: way, checked: way === 'whole' });
    input.addEventListener('change', () => choose(way));
    return html('label', { class: 'pick' }, input, name);
  };
  slider.addEventListener('input', () => { chosen[chosen.way] = Number(slider.value); show(); });
  place.replaceChildren(
    html('div', { class: 'toy-columns' }, html('figure', {}, html('figcaption', { class: 'label' }, t('The photo')), photo),
      html('figure', {}, html('figcaption', { class: 'label' }, t('What is called ink')), picture)),
    html('fieldset', { class: 'picks' }, html('legend', {}, t('What is compared?')),
      radio('whole', t('One threshold for the whole picture')), radio('local', t('Every place with its surroundings'))),
    html('div', { class: 'range-row' }, label, slider, shown), words,
  );
  choose('whole');
}

function pixelsOf(photo, width, height) {
  const canvas = html('canvas', { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(photo, 0, 0, width, height);
  return context.getImageData(0, 0, width, height).data;
}

function draw(canvas, ink, width, height) {
  if (canvas.width !== width) Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  ink.forEach((value, place) => image.data.set(value ? [27, 30, 37, 255] : [255, 254, 251, 255], 4 * place));
  canvas.getContext('2d').putImageData(image, 0, 0);
}
