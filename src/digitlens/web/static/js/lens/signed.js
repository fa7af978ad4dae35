// Values with signs as a small picture: positive is blue, negative orange with stripes, so that no colour alone tells.

const PAPER = [255, 254, 251]; // the tokens --paper, --paper-for and --paper-against, the same in both themes
const PLUS = [31, 79, 191];
const MINUS = [194, 90, 0];
const FINE = 4; // canvas pixels for a value, so that stripes fit in

/**
 * @param {ArrayLike<number>} values (height * width,), row by row
 * @param {number} [most] the magnitude that is drawn in full colour; the largest one when left out
 */
export function drawSigned(canvas, values, width, height, most = Math.max(...Array.from(values, Math.abs))) {
  Object.assign(canvas, { width: FINE * width, height: FINE * height });
  const image = new ImageData(canvas.width, canvas.height);
  for (let y = 0; y < canvas.height; y += 1) {
    for (let x = 0; x < canvas.width; x += 1) {
      const value = values[Math.floor(y / FINE) * width + Math.floor(x / FINE)] / Math.max(most, 1e-9);
      image.data.set([...shade(value, (x + y) % FINE === 0), 255], 4 * (y * canvas.width + x));
    }
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
}

/** The colour of a value in [-1, 1]; on a stripe, negative ones are paler. */
export function shade(value, onStripe) {
  const full = value < 0 ? MINUS : PLUS;
  const share = Math.sqrt(Math.abs(value)) * (value < 0 && onStripe ? 0.35 : 1); // the root shows small values, too
  return PAPER.map((paper, channel) => Math.round(paper + share * (full[channel] - paper)));
}
