// The sheet of the map as a window sees it: zoom, shift and the point under a finger. Pure.

export const MOST_ZOOM = 24;
const MARGIN = 0.04; // of the window, on each side
const WHOLE = { zoom: 1, x: 0.5, y: 0.5 };

/** A view: `zoom`, and the place of the sheet (both from 0 to 1) that stands in the middle. */
export const wholeSheet = () => ({ ...WHOLE });

/** Where a place stands in a window of `side` pixels. */
export function toWindow({ zoom, x, y }, place, side) {
  const scale = side * (1 - 2 * MARGIN) * zoom;
  return { x: side / 2 + (place.x - x) * scale, y: side / 2 + (place.y - y) * scale };
}

/** Which place stands at a point of the window. */
export function toSheet({ zoom, x, y }, point, side) {
  const scale = side * (1 - 2 * MARGIN) * zoom;
  return { x: x + (point.x - side / 2) / scale, y: y + (point.y - side / 2) / scale };
}

/** Zoom by a factor; what stands at `point` of the window stays there as far as the sheet allows. */
export function zoomAt(view, factor, point, side) {
  const zoom = Math.min(MOST_ZOOM, Math.max(1, view.zoom * factor));
  const [before, after] = [toSheet(view, point, side), toSheet({ ...view, zoom }, point, side)];
  return within({ zoom, x: view.x + before.x - after.x, y: view.y + before.y - after.y });
}

/** Move the window by pixels. */
export function moved(view, dx, dy, side) {
  const scale = side * (1 - 2 * MARGIN) * view.zoom;
  return within({ ...view, x: view.x + dx / scale, y: view.y + dy / scale });
}

/** Look at a place, no less near than `zoom`. */
export const centredOn = (view, place, zoom = view.zoom) => within({ zoom: Math.max(view.zoom, zoom), x: place.x, y: place.y });

/** The place nearest to a point of the window within `reach` pixels; -1 where there is none. */
export function pointAt(view, places, point, side, reach) {
  let [found, least] = [-1, reach * reach];
  places.forEach((place, index) => {
    const { x, y } = toWindow(view, place, side);
    const distance = (x - point.x) ** 2 + (y - point.y) ** 2;
    if (distance <= least) [found, least] = [index, distance];
  });
  return found;
}

/** The next place in a direction, as arrow keys ask: near, and not far to the side. -1 where there is none. */
export function nextTowards(places, from, dx, dy) {
  let [found, least] = [-1, Infinity];
  places.forEach((place, index) => {
    const [x, y] = [place.x - from.x, place.y - from.y];
    const [along, aside] = [x * dx + y * dy, Math.abs(x * dy - y * dx)];
    if (along < 1e-6 || aside > 2 * along) return;
    const cost = along + 2 * aside;
    if (cost < least) [found, least] = [index, cost];
  });
  return found;
}

/** The middle of each group: the median of its places, by label. */
export function middles(places, labels) {
  const groups = new Map();
  places.forEach((place, index) => {
    if (!groups.has(labels[index])) groups.set(labels[index], []);
    groups.get(labels[index]).push(place);
  });
  const median = (values) => values.sort((one, other) => one - other)[values.length >> 1];
  return [...groups].map(([label, group]) => ({ label, x: median(group.map(({ x }) => x)), y: median(group.map(({ y }) => y)) }));
}

/** The middle of the window stays on the sheet; the whole sheet stays centred. */
function within({ zoom, x, y }) {
  const half = 0.5 / zoom;
  const kept = (value) => Math.min(1 - half, Math.max(half, value));
  return { zoom, x: kept(x), y: kept(y) };
}
