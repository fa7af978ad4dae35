// Which dark is ink: one threshold for the whole picture, or compared with the surroundings. Pure.

/** Grey values of RGBA bytes, (width * height,) in [0, 255]; weights of ITU-R BT.601. */
export function greyOf(bytes) {
  return Float32Array.from({ length: bytes.length / 4 }, (_, place) => 0.299 * bytes[4 * place] + 0.587 * bytes[4 * place + 1] + 0.114 * bytes[4 * place + 2]);
}

/**
 * The mean of the surroundings of each place, through sums over rectangles (F. Crow, "Summed-area tables", 1984).
 * @param {number} reach how far they go to each side, in pixels; less at the edge
 */
export function surroundingsOf(grey, width, height, reach) {
  const stride = width + 1;
  const sums = new Float64Array(stride * (height + 1));
  for (let y = 0; y < height; y += 1) {
    for (let x = 0, row = 0; x < width; x += 1) {
      row += grey[y * width + x];
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
    }
  }
  return Float32Array.from({ length: width * height }, (_, place) => {
    const [x, y] = [place % width, Math.floor(place / width)];
    const [left, right] = [Math.max(0, x - reach), Math.min(width, x + reach + 1)];
    const [top, bottom] = [Math.max(0, y - reach), Math.min(height, y + reach + 1)];
    const sum = sums[bottom * stride + right] - sums[top * stride + right] - sums[bottom * stride + left] + sums[top * stride + left];
    return sum / ((right - left) * (bottom - top));
  });
}

/** 1 where a place is darker than its limit, else 0. @param {(place: number) => number} limit */
export const inkBelow = (grey, limit) => Uint8Array.from(grey, (value, place) => (value < limit(place) ? 1 : 0));
