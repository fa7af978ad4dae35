// What stands on the pad, for as long as this tab lives: a reload or a look at another page does not lose it.

const KEY = 'digitlens.pad';

/** @param {object[]} strokes @param {{width: number, height: number}} size of the pad that they were written on, in CSS px */
export function keepStrokes(strokes, { width, height }, storage = null) {
  try {
    const place = storage ?? globalThis.sessionStorage; // to look at it is refused where storage is switched off
    if (strokes.length > 0) place.setItem(KEY, JSON.stringify({ strokes, width, height }));
    else place.removeItem(KEY);
  } catch { /* no storage, or it is full: then a reload loses them */ }
}

/** @returns {{strokes: object[], width: number, height: number} | null} */
export function keptStrokes(storage = null) {
  try {
    const kept = JSON.parse((storage ?? globalThis.sessionStorage).getItem(KEY));
    return isDrawing(kept) ? kept : null;
  } catch {
    return null;
  }
}

const isDrawing = (kept) => kept !== null && kept.width > 0 && kept.height > 0 && kept.strokes.length > 0
  && kept.strokes.every(({ points }) => points.every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y)));
