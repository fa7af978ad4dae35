// What stands on the pad, for as long as this tab lives: a reload or a look at another page does not lose it.

const KEY = 'digitlens.pad';

/** @param {object[]} strokes @param {{width: number, height: number}} size of the pad that they were written on, in CSS px */
export function keepStrokes(strokes, { width, height }, storage = globalThis.sessionStorage) {
  try {
    if (strokes.length > 0) storage.setItem(KEY, JSON.stringify({ strokes, width, height }));
    else storage.removeItem(KEY);
  } catch { /* no storage, or it is full: then a reload loses them */ }
}

/** @returns {{strokes: object[], width: number, height: number} | null} */
export function keptStrokes(storage = globalThis.sessionStorage) {
  try {
    const kept = JSON.parse(storage.getItem(KEY));
    return isDrawing(kept) ? kept : null;
  } catch {
    return null;
  }
}

const isDrawing = (kept) => kept !== null && kept.width > 0 && kept.height > 0 && kept.strokes.length > 0
  && kept.strokes.every(({ points }) => points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
