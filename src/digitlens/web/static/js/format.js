// Numbers as words for people, in the language of the page. The server's `formats.py` writes the same.

import { leftToRight, locale } from './words.js';

const decimal = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false });

/**
 * A probability as a percentage that never claims more than it knows: 0.99996 is "> 99.9 %", not "100 %".
 * @param {number} probability in [0, 1]
 */
export function percent(probability) {
  const shown = (100 * probability).toFixed(1);
  if (shown === '100.0') return leftToRight(`> ${decimal.format(99.9)} %`);
  return leftToRight(shown === '0.0' ? `< ${decimal.format(0.1)} %` : `${decimal.format(shown)} %`);
}

/** Bytes as megabytes of a million bytes, as the settings count them. */
export function megabytes(bytes) {
  const value = bytes / 1e6;
  return leftToRight(`${value < 10 ? decimal.format(value) : Math.round(value)} MB`);
}
