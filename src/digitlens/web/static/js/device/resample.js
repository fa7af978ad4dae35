// What OpenCV does to an array of numbers, as it does it: resize, distance transform, dilation. Pure.
// An array is {values: Float32Array, width, height}, row by row.
// Methods: cv::resize (INTER_AREA, INTER_LINEAR), cv::distanceTransform (G. Borgefors, "Distance transformations in
// digital images", 1986, 5 x 5 mask), cv::dilate with an ellipse of cv::getStructuringElement.

export const INK_LEVEL = 0.5;

/** Round to the nearest whole number, halves to the even one, as Python and OpenCV do. */
export function roundHalfEven(value) {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return rest < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

/** Shrink: each pixel is the mean of the area that it covers. */
export const resizeArea = (picture, width, height) =>
  resizeBoth(picture, areaWeights(picture.width, width), areaWeights(picture.height, height));

/** Enlarge: each pixel lies between its neighbours. */
export function resizeLinear(picture, width, height) {
  if (picture.width === width && picture.height === height) return picture;
  return resizeBoth(picture, linearWeights(picture.width, width), linearWeights(picture.height, height));
}

/** For each pixel of the result: pairs of a pixel of the source and its weight. */
function areaWeights(from, to) {
  const scale = 1 / (to / from);
  return Array.from({ length: to }, (_, place) => {
    const start = place * scale;
    const end = start + scale;
    const cell = Math.min(scale, from - start);
    const last = Math.min(Math.floor(end), from - 1);
    const first = Math.min(Math.ceil(start), last);
    const pairs = [];
    if (first - start > 1e-3) pairs.push([first - 1, Math.fround((first - start) / cell)]);
    for (let x = first; x < last; x += 1) pairs.push([x, Math.fround(1 / cell)]);
    if (end - last > 1e-3) pairs.push([last, Math.fround(Math.min(Math.min(end - last, 1), cell) / cell)]);
    return pairs;
  });
}

function linearWeights(from, to) {
  const scale = 1 / (to / from);
  return Array.from({ length: to }, (_, place) => {
    const centre = (place + 0.5) * scale - 0.5;
    const before = Math.floor(centre);
    const share = Math.fround(centre - before);
    if (before < 0) return [[0, 1]];
    if (before >= from - 1) return [[from - 1, 1]];
    return [[before, 1 - share], [before + 1, share]];
  });
}

function resizeBoth({ values, width, height }, columns, rows) {
  const narrow = new Float32Array(columns.length * height);
  for (let y = 0; y < height; y += 1) {
    columns.forEach((pairs, x) => {
      let sum = 0;
      for (const [from, weight] of pairs) sum += values[y * width + from] * weight;
      narrow[y * columns.length + x] = sum;
    });
  }
  const result = { values: new Float32Array(columns.length * rows.length), width: columns.length, height: rows.length };
  rows.forEach((pairs, y) => {
    for (let x = 0; x < result.width; x += 1) {
      let sum = 0;
      for (const [from, weight] of pairs) sum += narrow[from * result.width + x] * weight;
      result.values[y * result.width + x] = sum;
    }
  });
  return result;
}

/** Mean width of the strokes above `level`, in pixels; 0 where there are none. */
export function strokeWidth({ values, width, height }, level) {
  const mask = Uint8Array.from(values, (value) => (value > level ? 1 : 0));
  const distance = distances(mask, width, height);
  let [sum, count] = [0, 0];
  for (let place = 0; place < mask.length; place += 1) {
    if (!mask[place]) continue;
    sum += distance[place];
    count += 1;
  }
  return count === 0 ? 0 : Math.max(1, (4 * sum) / count - 2);
}

/** For each pixel of the mask the distance to the nearest one outside it; beyond the edge everything is outside. */
function distances(mask, width, height) {
  const unit = 2 ** 16;
  const [straight, diagonal, knight] = [1, 1.4, 2.1969].map((step) => Math.round(step * unit));
  const forward = [[0, -1, straight], [-1, -1, diagonal], [-1, 0, straight], [-1, 1, diagonal],
    [-1, -2, knight], [-1, 2, knight], [-2, -1, knight], [-2, 1, knight]];
  // A margin of one pixel outside the mask, as in Python, and two more that count as far away.
  const margin = 3;
  const wide = width + 2 * margin;
  const tall = height + 2 * margin;
  const field = new Int32Array(wide * tall).fill(2 ** 30);
  for (let y = -1; y <= height; y += 1) {
    for (let x = -1; x <= width; x += 1) {
      const isInside = x >= 0 && y >= 0 && x < width && y < height;
      if (!isInside || !mask[y * width + x]) field[(y + margin) * wide + x + margin] = 0;
    }
  }
  const sweep = (sign) => {
    const steps = forward.map(([dy, dx, cost]) => [sign * (dy * wide + dx), cost]);
    const count = (height + 2) * wide;
    for (let index = 0; index < count; index += 1) {
      const place = sign > 0 ? 2 * wide + index : 2 * wide + count - 1 - index;
      const x = place % wide;
      if (x < 2 || x >= wide - 2) continue;
      let least = field[place];
      for (const [step, cost] of steps) least = Math.min(least, field[place + step] + cost);
      field[place] = least;
    }
  };
  sweep(1);
  sweep(-1);
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) result[y * width + x] = field[(y + margin) * wide + x + margin] / unit;
  }
  return result;
}

/** Widen bright strokes with an ellipse; the picture gets a margin of `diameter` on each side. */
export function dilate({ values, width, height }, diameter) {
  const wide = { width: width + 2 * diameter, height: height + 2 * diameter };
  wide.values = new Float32Array(wide.width * wide.height);
  const steps = ellipse(diameter).map(([dy, dx]) => -dy * wide.width - dx);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const value = values[y * width + x];
      if (value === 0) continue;
      const place = (y + diameter) * wide.width + x + diameter;
      for (const step of steps) if (wide.values[place + step] < value) wide.values[place + step] = value;
    }
  }
  return wide;
}

/** Rows and columns of the kernel's pixels, counted from its anchor. */
function ellipse(side) {
  const radius = Math.floor(side / 2);
  const places = [];
  for (let row = 0; row < side; row += 1) {
    const dy = row - radius;
    const half = roundHalfEven(radius * Math.sqrt((radius * radius - dy * dy) / (radius * radius)));
    const end = Math.min(radius + half + 1, side);
    for (let column = Math.max(radius - half, 0); column < end; column += 1) places.push([dy, column - radius]);
  }
  return places;
}
