// Frames as values: 28 x 28 numbers in [0, 1], ink bright on 0, row by row; and the reader's own digit, kept in the browser.

export const SIDE = 28;
export const PIXELS = SIDE * SIDE;
const KEY = 'digitlens.own';
const TEXT_LENGTH = Math.ceil((4 * PIXELS) / 3); // base64 without padding

let ownInMemory = null; // {text, source}: also where the browser keeps nothing, or its store is full

/**
 * A frame as base64url of 784 bytes, 1046 characters.
 * @param {Float32Array} frame (784,), in [0, 1]
 */
export function toText(frame) {
  const bytes = Array.from(frame, (value) => String.fromCharCode(Math.round(255 * Math.min(1, Math.max(0, value)))));
  return btoa(bytes.join('')).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/**
 * The frame of a text, or null where the text is none.
 * @param {string} text
 * @returns {Float32Array | null} (784,), multiples of 1/255
 */
export function fromText(text) {
  if (typeof text !== 'string' || text.length !== TEXT_LENGTH || /[^\w-]/.test(text)) return null;
  const bytes = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Float32Array.from({ length: PIXELS }, (_, place) => bytes.charCodeAt(place) / 255);
}

/** The part of an address that opens a frame in the lens: `#f=TEXT`. */
export const hashOf = (frame) => `#f=${toText(frame)}`;

/** Where the lens shows this frame. */
export const lensAddress = (frame) => `/lens${hashOf(frame)}`;

/**
 * What an address asks for.
 * @param {string} hash such as `#f=TEXT`
 * @returns {{asked: boolean, frame: Float32Array | null}} `asked` without a frame: the address is damaged
 */
export function frameOfHash(hash) {
  const text = new URLSearchParams(hash.replace(/^#/, '')).get('f');
  return { asked: text !== null, frame: text === null ? null : fromText(text) };
}

/** The reader's own digit, or null. @returns {{frame: Float32Array, source: object} | null} */
export function ownFrame() {
  const kept = ownInMemory ?? stored();
  const frame = fromText(kept?.text);
  return frame && { frame, source: { ...kept.source, kind: 'own' } };
}

/** Keep a digit as the reader's own; every view that shows the own digit hears of it. */
export function keepOwn(frame, source = {}) {
  ownInMemory = { text: toText(frame), source: { ...source, kind: 'own' } };
  try {
    localStorage.setItem(KEY, JSON.stringify(ownInMemory));
  } catch {
    // The store is full or forbidden: the digit lives as long as this page does.
  }
  globalThis.document?.dispatchEvent(new CustomEvent('digitlens:own'));
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null; // forbidden, or not ours
  }
}
