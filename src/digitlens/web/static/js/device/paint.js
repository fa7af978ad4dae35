// Strokes to ink, as numbers: what signature_pad paints, without a canvas. Pure.
// A stroke is a signature_pad point group; the curve through its points, and how wide the pen is where, are its own
// (szimek/signature_pad, MIT: Bezier.fromPoints, _calculateCurveWidths, _drawCurve).

/**
 * The ink of one stroke.
 * @returns {{left: number, top: number, width: number, height: number, values: Float32Array}} `left` and `top` in whole CSS
 *   px of the pad; values in [0, 1]
 */
export function paintStroke(stroke) {
  const circles = circlesOf(stroke);
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [x, y, radius] of circles) {
    left = Math.min(left, x - radius);
    top = Math.min(top, y - radius);
    right = Math.max(right, x + radius);
    bottom = Math.max(bottom, y + radius);
  }
  left = Math.floor(left) - 1;
  top = Math.floor(top) - 1;
  const [width, height] = [Math.ceil(right) + 1 - left, Math.ceil(bottom) + 1 - top];
  const ink = { left, top, width, height, values: new Float32Array(width * height) };
  for (const circle of circles) paintCircle(ink, circle);
  return ink;
}

/** Several inks as one: what lies over each other is as dark as the darker one. */
export function join(inks) {
  if (inks.length === 1) return inks[0];
  const left = Math.min(...inks.map((ink) => ink.left));
  const top = Math.min(...inks.map((ink) => ink.top));
  const width = Math.max(...inks.map((ink) => ink.left + ink.width)) - left;
  const height = Math.max(...inks.map((ink) => ink.top + ink.height)) - top;
  const values = new Float32Array(width * height);
  for (const ink of inks) {
    for (let y = 0; y < ink.height; y += 1) {
      const to = (ink.top - top + y) * width + ink.left - left;
      for (let x = 0; x < ink.width; x += 1) {
        const value = ink.values[y * ink.width + x];
        if (value > values[to + x]) values[to + x] = value;
      }
    }
  }
  return { left, top, width, height, values };
}

/** Paint a disc with a soft edge one pixel wide. */
function paintCircle({ left, top, width, height, values }, [x, y, radius]) {
  const [centreX, centreY] = [x - left - 0.5, y - top - 0.5]; // of pixels, whose centres lie at halves
  const reach = radius + 0.5;
  const lastRow = Math.min(height - 1, Math.ceil(centreY + reach));
  const lastColumn = Math.min(width - 1, Math.ceil(centreX + reach));
  for (let row = Math.max(0, Math.floor(centreY - reach)); row <= lastRow; row += 1) {
    const across = (row - centreY) ** 2;
    for (let column = Math.max(0, Math.floor(centreX - reach)); column <= lastColumn; column += 1) {
      const place = row * width + column;
      if (values[place] === 1) continue;
      const value = Math.min(1, reach - Math.sqrt(across + (column - centreX) ** 2));
      if (value > values[place]) values[place] = value;
    }
  }
}

/** The discs, [x, y, radius] each, that make a stroke. */
function circlesOf(stroke) {
  const { points } = stroke;
  const dot = stroke.dotSize > 0 ? stroke.dotSize : (stroke.minWidth + stroke.maxWidth) / 2;
  if (points.length === 1) return [[points[0].x, points[0].y, dot]];
  if (points.length === 2) return lineCircles(points[0], points[1], dot);
  const circles = [];
  let [speed, radius] = [0, (stroke.minWidth + stroke.maxWidth) / 2];
  const weight = stroke.velocityFilterWeight ?? 0.7;
  for (let index = 2; index < points.length; index += 1) {
    const four = [points[Math.max(0, index - 3)], points[index - 2], points[index - 1], points[index]];
    speed = weight * speedBetween(four[1], four[2]) + (1 - weight) * speed;
    const next = Math.max(stroke.maxWidth / (speed + 1), stroke.minWidth);
    curveCircles(circles, four, radius, next, stroke.maxWidth);
    radius = next;
  }
  return circles;
}

function lineCircles(from, to, radius) {
  const steps = Math.max(1, Math.ceil(2 * Math.hypot(to.x - from.x, to.y - from.y)));
  return Array.from({ length: steps + 1 }, (_, step) =>
    [from.x + ((to.x - from.x) * step) / steps, from.y + ((to.y - from.y) * step) / steps, radius]);
}

const speedBetween = (from, to) => (to.time === from.time ? 0 : Math.hypot(to.x - from.x, to.y - from.y) / (to.time - from.time));

function curveCircles(circles, [before, start, end, after], startRadius, endRadius, maxRadius) {
  // signature_pad takes the two control points the other way round than one would; the ink has to be the same.
  const [, second] = controls(before, start, end);
  const [first] = controls(start, end, after);
  const at = (share) => {
    const rest = 1 - share;
    const weights = [rest ** 3, 3 * rest * rest * share, 3 * rest * share * share, share ** 3];
    return ['x', 'y'].map((axis) =>
      weights[0] * start[axis] + weights[1] * first[axis] + weights[2] * second[axis] + weights[3] * end[axis]);
  };
  let length = 0;
  for (let step = 1, last = at(0); step <= 10; step += 1) {
    const next = at(step / 10);
    length += Math.hypot(next[0] - last[0], next[1] - last[1]);
    last = next;
  }
  const steps = 2 * Math.ceil(length);
  for (let step = 0; step < steps; step += 1) {
    const share = step / steps;
    circles.push([...at(share), Math.min(startRadius + share ** 3 * (endRadius - startRadius), maxRadius)]);
  }
}

/** The two control points beside the middle one of three points. */
function controls(one, two, three) {
  const m1 = { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
  const m2 = { x: (two.x + three.x) / 2, y: (two.y + three.y) / 2 };
  const [l1, l2] = [Math.hypot(one.x - two.x, one.y - two.y), Math.hypot(two.x - three.x, two.y - three.y)];
  const share = l1 + l2 === 0 ? 0 : l2 / (l1 + l2);
  const shift = { x: two.x - m2.x - (m1.x - m2.x) * share, y: two.y - m2.y - (m1.y - m2.y) * share };
  return [{ x: m1.x + shift.x, y: m1.y + shift.y }, { x: m2.x + shift.x, y: m2.y + shift.y }];
}
