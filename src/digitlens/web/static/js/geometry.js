// Strokes and boxes as numbers. Pure: no document, no network.
// A stroke is a signature_pad point group: {points: [{x, y}], minWidth, maxWidth, ...}; its widths are radii in CSS px.

/**
 * The rectangle that holds all ink, pen width included, or null where there is none.
 * @returns {{left: number, top: number, right: number, bottom: number} | null} in CSS px of the pad
 */
export function inkBounds(strokes) {
  const bounds = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (const { points, maxWidth } of strokes) {
    for (const { x, y } of points) {
      bounds.left = Math.min(bounds.left, x - maxWidth);
      bounds.top = Math.min(bounds.top, y - maxWidth);
      bounds.right = Math.max(bounds.right, x + maxWidth);
      bounds.bottom = Math.max(bounds.bottom, y + maxWidth);
    }
  }
  return bounds.left === Infinity ? null : bounds;
}

/**
 * A stroke whose last point stands twice. signature_pad draws a piece of curve once it knows the point that follows it,
 * so the last piece, many pixels of a quick 7, would be missing from canvas and picture.
 */
export function withLastPiece(stroke) {
  const { points } = stroke;
  return points.length < 2 ? stroke : { ...stroke, points: [...points, { ...points.at(-1) }] };
}

/**
 * How much smaller the strokes must become so that a pad which shrank (a phone was turned) still shows them; 1 where
 * they fit. Ink that was already beyond the edge of the pad does not count.
 * @param {{width: number, height: number}} before size of the pad that they were written on, in CSS px
 * @param {{width: number, height: number}} after its size now
 */
export function fitScale(strokes, before, after) {
  const bounds = inkBounds(strokes);
  if (!bounds) return 1;
  const right = Math.min(bounds.right, before.width);
  const bottom = Math.min(bounds.bottom, before.height);
  return Math.min(1, after.width / right, after.height / bottom);
}

/** The strokes with every point moved towards the upper left corner; pen widths stay, so that ink stays readable. */
export function scaleStrokes(strokes, scale) {
  if (scale === 1) return strokes;
  return strokes.map((stroke) => ({
    ...stroke,
    points: stroke.points.map((point) => ({ ...point, x: point.x * scale, y: point.y * scale })),
  }));
}

const LEAST_SIDE = 10; // of a box in CSS px: its edges would hide a slim 1

/**
 * A box around the same middle in which one sees what stands there, also where the picture is shown small.
 * @param {number[]} box [left, top, width, height] in pixels of the picture
 * @param {number} scale CSS pixels for each pixel of the picture
 */
export function visibleBox([left, top, width, height], scale) {
  const shownWidth = Math.max(width, LEAST_SIDE / scale);
  const shownHeight = Math.max(height, LEAST_SIDE / scale);
  return [left - (shownWidth - width) / 2, top - (shownHeight - height) / 2, shownWidth, shownHeight];
}

/**
 * Where the label of a box stands and how large it is, in the units of the picture.
 * @param {number[]} box [left, top, width, height] in pixels of the picture
 * @param {number} scale CSS pixels for each pixel of the picture
 * @returns {{x: number, y: number, size: number}} `y` is the baseline of the text
 */
export function labelPlace([left, top, , height], scale) {
  const size = Math.min(15, Math.max(9, 0.7 * height * scale)) / scale;
  const above = top - 0.3 * size;
  const hasRoomAbove = above - 0.8 * size > 0;
  return { x: left, y: hasRoomAbove ? above : top + height + size, size };
}
