// Numbers in the language of the page.

import { leftToRight, locale } from '../words.js';

const formats = new Map();

/** A number with this many digits after the point: `number(0.53125, 3)`. */
export function number(value, digits = 0) {
  if (!formats.has(digits)) {
    formats.set(digits, new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  }
  const shown = formats.get(digits).format(Math.abs(value));
  const isZero = Number(Math.abs(value).toFixed(digits)) === 0;
  return value < 0 && !isZero ? leftToRight(`−${shown}`) : shown; // a true minus sign; no "−0.00"
}

/** A number with a sign always: `signed(0.5, 2)` is "+0.50". */
export const signed = (value, digits = 0) => (Number(value.toFixed(digits)) > 0 ? leftToRight(`+${number(value, digits)}`) : number(value, digits));
