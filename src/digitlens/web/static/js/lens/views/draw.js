// Write another digit, make one with the keyboard, or pick an example.

import SignaturePad from '../../../vendor/signature_pad/signature_pad.js';
import { normalise, quantised } from '../../device/normalise.js';
import { join, paintStroke } from '../../device/paint.js';
import { html } from '../../dom.js';
import { withLastPiece } from '../../geometry.js';
import { verdictWords } from '../bars.js';
import { keepOwn, toText } from '../frames.js';
import { loadExamples } from '../lens.js';
import { drawFrame, pictureOf } from '../pictures.js';
import { t } from '../../words.js';

const PEN = { minWidth: 3.5, maxWidth: 5, dotSize: 5.5, penColor: '#1b2440', minDistance: 2, throttle: 8 };

export async function mount(place, lens) {
  const row = html('ul', { class: 'examples' });
  const pad = makePad();
  const follow = makeFollower();
  pad.element.append(follow.element);
  place.replaceChildren(pad.element, row);
  pad.start();
  const buttons = await showExamples(row, lens);
  lens.subscribe(({ frame, answer }) => {
    follow.show(frame, answer);
    const text = toText(frame);
    for (const [button, own] of buttons) button.setAttribute('aria-pressed', String(own === text));
  });
}

/** The answer once more, close to the hand: on a small screen the view of the digit is out of sight while one writes. */
function makeFollower() {
  const [picture, words] = [pictureOf(''), html('span')];
  const element = html('p', { class: 'draw-follow', 'aria-hidden': 'true' }, picture, words);
  function show(frame, answer) {
    drawFrame(picture, frame);
    words.textContent = answer ? verdictWords(answer.probabilities) : '…';
  }
  return { element, show };
}

/** The bundled digits as a row of pictures; gives their buttons and the texts of their frames. */
async function showExamples(row, lens) {
  const examples = await loadExamples().catch(() => []); // without them the pad is still there
  const buttons = new Map();
  row.append(...examples.map(({ name, label, alt, frame }) => {
    const canvas = pictureOf(alt);
    drawFrame(canvas, frame);
    const button = html('button', { class: 'example', type: 'button', title: label }, canvas);
    button.addEventListener('click', () => lens.setFrame(frame, { kind: 'example', label, name }));
    buttons.set(button, toText(frame));
    return html('li', {}, button);
  }));
  return buttons;
}

function makePad() {
  const canvas = html('canvas', { tabindex: '0', role: 'img', 'aria-label': t('Drawing pad. Write one digit here with a finger, a pen or the mouse.') });
  const hint = html('p', { class: 'draw-hint' }, t('Write one digit'));
  const sheet = html('div', { class: 'draw-sheet' }, canvas, hint);
  const button = (words) => html('button', { class: 'button', type: 'button' }, words);
  const clear = button(t('Clear'));
  const keys = button(t('By keyboard'));
  const grid = html('div', { class: 'draw-grid', hidden: true });
  const said = html('p', { class: 'visually-hidden', role: 'status' });
  const element = html('div', { class: 'draw' }, sheet, grid, html('div', { class: 'buttons' }, clear, keys), said);

  let cells = null; // the grid, once it was asked for

  function start() {
    const pad = new SignaturePad(canvas, PEN);
    const fit = () => {
      const ratio = Math.max(window.devicePixelRatio || 1, 1);
      const [width, height] = [sheet.clientWidth, sheet.clientHeight].map((side) => Math.round(side * ratio));
      if (!width || (canvas.width === width && canvas.height === height)) return;
      Object.assign(canvas, { width, height });
      canvas.getContext('2d').scale(ratio, ratio);
      pad.fromData(pad.toData());
    };
    new ResizeObserver(fit).observe(sheet);
    fit();
    pad.addEventListener('beginStroke', () => { hint.hidden = true; });
    pad.addEventListener('endStroke', () => {
      const strokes = pad.toData();
      pad.fromData([...strokes.slice(0, -1), withLastPiece(strokes.at(-1))]);
      keep(frameOf(pad.toData()));
    });
    clear.addEventListener('click', () => {
      pad.clear();
      hint.hidden = false;
      said.textContent = t('The pad is empty. The last digit stays in the lens.');
    });
    keys.addEventListener('click', () => openGrid());
  }

  async function openGrid() {
    const { mountGrid } = await import('../../grid-pad.js');
    const isOpening = grid.hidden;
    grid.hidden = !isOpening;
    sheet.hidden = isOpening;
    clear.hidden = isOpening;
    keys.textContent = isOpening ? t('By hand') : t('By keyboard');
    cells ??= mountGrid(grid, { onInk: (ink, width, height) => keep(quantised(normalise(ink, width, height))) });
    if (isOpening) cells.focus();
  }
  return { element, start };
}

/** Keep what was written; a blank pad changes nothing. */
function keep(frame) {
  if (frame?.some((value) => value > 0)) keepOwn(frame, { made: 'pad' });
}

/** The strokes of a pad as the frame that the network sees. */
function frameOf(strokes) {
  const { values, width, height } = join(strokes.map(paintStroke));
  return quantised(normalise(values, width, height));
}
