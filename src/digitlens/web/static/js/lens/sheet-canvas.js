// The sheet drawn on a canvas: every digit of the test as a small figure in its own colour, as its picture when near.

import { html } from '../dom.js';
import { drawFrame, pictureOf } from './pictures.js';
import { moved, pointAt, toWindow, wholeSheet, zoomAt } from './sheet.js';

const TILE = 28;
const PICTURES_FROM = 5; // zoom from which the digits show as they were written
const REACH = 22; // pixels around a finger
const figureOf = (label) => (label === 10 ? '×' : String(label));

/**
 * @param {{places: {x, y}[], labels: ArrayLike<number>, groups: {label, x, y}[], columns: number}} sheet
 * @param {(index: number, isHover: boolean) => void} onPick a digit was tapped or pointed at; -1 is the background
 */
export function makeSheet(sheet, onPick) {
  const canvas = html('canvas', { class: 'sheet', dir: 'ltr', tabindex: '0' });
  const own = pictureOf('');
  const state = { view: wholeSheet(), chosen: -1, own: null, near: new Set(), pictures: null };
  let side = 0;
  let waiting = 0;

  function fit() {
    side = canvas.clientWidth;
    const ratio = Math.min(3, globalThis.devicePixelRatio || 1);
    canvas.width = Math.round(side * ratio);
    canvas.height = Math.round(side * ratio);
    redraw();
  }
  const redraw = () => { waiting ||= requestAnimationFrame(draw); };

  function draw() {
    waiting = 0;
    if (!side) return;
    const style = getComputedStyle(canvas);
    const colours = Array.from({ length: 11 }, (_, label) => style.getPropertyValue(`--map-${label}`).trim());
    const [text, surface, accent] = ['--text', '--surface', '--accent'].map((name) => style.getPropertyValue(name).trim());
    const pen = canvas.getContext('2d');
    pen.setTransform(canvas.width / side, 0, 0, canvas.height / side, 0, 0);
    pen.clearRect(0, 0, side, side);
    pen.textAlign = 'center';
    pen.textBaseline = 'middle';
    const { view } = state;
    const near = view.zoom >= PICTURES_FROM && state.pictures;
    const size = near ? Math.min(40, 2.6 * view.zoom + 8) : Math.min(15, side / 75 + view.zoom);
    pen.font = `600 ${size}px ${style.fontFamily}`;
    pen.imageSmoothingEnabled = !near || size < TILE;
    const visible = ({ x, y }) => x > -size && y > -size && x < side + size && y < side + size;
    const drawOne = (index) => {
      const at = toWindow(view, sheet.places[index], side);
      if (!visible(at)) return;
      const colour = colours[sheet.labels[index]];
      const mark = index === state.chosen ? [accent, 4] : state.near.has(index) ? [text, near ? 3 : 1.5] : null;
      if (near) drawTile(pen, index, at, size, ...(mark ?? [colour, 1.5]));
      else drawFigure(pen, index, at, colour);
      if (mark && !near) ring(pen, at, size * (index === state.chosen ? 0.9 : 0.65), ...mark);
    };
    const isMarked = (index) => index === state.chosen || state.near.has(index);
    sheet.places.forEach((_, index) => { if (!isMarked(index)) drawOne(index); });
    if (!near) drawGroups(pen, view, colours, surface, style.fontFamily);
    pen.font = `600 ${size}px ${style.fontFamily}`;
    for (const index of state.near) if (index !== state.chosen) drawOne(index);
    if (state.own) drawOwn(pen, toWindow(view, state.own, side), accent, surface);
    if (state.chosen >= 0) drawOne(state.chosen);
  }

  function drawFigure(pen, index, { x, y }, colour) {
    pen.fillStyle = colour;
    pen.fillText(figureOf(sheet.labels[index]), x, y);
  }

  function drawTile(pen, index, { x, y }, size, colour, width) {
    const [left, top] = [TILE * (index % sheet.columns), TILE * Math.floor(index / sheet.columns)];
    pen.drawImage(state.pictures, left, top, TILE, TILE, x - size / 2, y - size / 2, size, size);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.strokeRect(x - size / 2, y - size / 2, size, size);
  }

  function drawGroups(pen, view, colours, surface, family) {
    pen.font = `750 ${Math.max(20, side / 20)}px ${family}`;
    pen.lineJoin = 'round';
    for (const { label, x, y } of sheet.groups) {
      const at = toWindow(view, { x, y }, side);
      pen.lineWidth = 6;
      pen.strokeStyle = surface;
      pen.strokeText(figureOf(label), at.x, at.y);
      pen.fillStyle = colours[label];
      pen.fillText(figureOf(label), at.x, at.y);
    }
  }

  /** A pin: the tip is the place, the picture stands above it, or below where there is no room. */
  function drawOwn(pen, { x, y }, accent, surface) {
    const size = Math.max(34, side / 14);
    const up = y > size + 24 ? -1 : 1;
    const [left, top] = [Math.min(side - size - 4, Math.max(4, x - size / 2)), y + up * (16 + size / 2) - size / 2];
    pen.strokeStyle = accent;
    pen.fillStyle = accent;
    pen.lineWidth = 3;
    pen.beginPath();
    pen.moveTo(x, y);
    pen.lineTo(x, y + up * 16);
    pen.stroke();
    pen.beginPath();
    pen.arc(x, y, 4.5, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = surface;
    pen.fillRect(left - 3, top - 3, size + 6, size + 6);
    pen.imageSmoothingEnabled = false;
    pen.drawImage(own, left, top, size, size);
    pen.strokeRect(left - 2, top - 2, size + 4, size + 4);
  }

  const changeView = (view) => {
    state.view = view;
    // Zoomed in, one finger moves the sheet; else it scrolls the page.
    canvas.classList.toggle('is-near', view.zoom > 1);
    redraw();
  };
  listenToPointers(canvas, {
    side: () => side,
    pan: (dx, dy) => changeView(moved(state.view, -dx, -dy, side)),
    zoom: (factor, point) => changeView(zoomAt(state.view, factor, point, side)),
    pick: (point, isHover, reach) => onPick(pointAt(state.view, sheet.places, point, side, reach), isHover),
  });
  new ResizeObserver(fit).observe(canvas);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw);

  return {
    canvas,
    get view() { return state.view; },
    get chosen() { return state.chosen; },
    side: () => side,
    look: changeView,
    choose(index) { state.chosen = index; redraw(); },
    showPictures(image) { state.pictures = image; redraw(); },
    showOwn(frame, place, near) {
      drawFrame(own, frame);
      Object.assign(state, { own: place, near: new Set(near) });
      redraw();
    },
  };
}

function ring(pen, { x, y }, radius, colour, width) {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.strokeStyle = colour;
  pen.lineWidth = width;
  pen.stroke();
}

/** One finger or the mouse moves and taps, two fingers zoom, as does the wheel with Ctrl (a pinch on a touchpad). */
function listenToPointers(canvas, { side, pan, zoom, pick }) {
  const fingers = new Map();
  let far = 0; // pixels moved since the first finger came down
  const at = (event) => ({ x: event.offsetX * (side() / canvas.clientWidth), y: event.offsetY * (side() / canvas.clientHeight) });
  const gap = ([one, other]) => Math.hypot(one.x - other.x, one.y - other.y);
  canvas.addEventListener('pointerdown', (event) => {
    if (!fingers.size) far = 0;
    fingers.set(event.pointerId, at(event));
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    const [before, now] = [fingers.get(event.pointerId), at(event)];
    if (!before) {
      if (event.pointerType === 'mouse') pick(now, true, REACH / 3);
      return;
    }
    const was = fingers.size === 2 ? gap([...fingers.values()]) : 0;
    fingers.set(event.pointerId, now);
    far += Math.hypot(now.x - before.x, now.y - before.y);
    if (was) {
      const [one, other] = fingers.values();
      zoom(gap([one, other]) / was, { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
    } else if (far > 4 && (event.pointerType !== 'touch' || canvas.classList.contains('is-near'))) pan(now.x - before.x, now.y - before.y);
  });
  for (const name of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(name, (event) => {
      if (name === 'pointerup' && fingers.size === 1 && far <= 8) pick(at(event), false, REACH);
      fingers.delete(event.pointerId);
    });
  }
  canvas.addEventListener('wheel', (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 200), at(event));
  }, { passive: false });
}
