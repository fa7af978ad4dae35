// A Reading of the API as the values that a page shows and the sentence that a screen reader says. Pure.

import { percent } from './format.js';
import { t, tn } from './words.js';

const LEAST_SHOWN = 0.01; // of another answer, as on the result page

/**
 * @param {object} reading one entry of `readings`, as in the API
 * @returns {{text: string, digits: object[], rejected: number[][], doubtful: object[], sentence: string}}
 */
export function viewOf(reading) {
  const digits = reading.lines.flatMap((line) => line.digits).map(viewOfDigit);
  const doubtful = digits.filter((digit) => digit.doubtful);
  const rejected = reading.rejected.map(({ box }) => box);
  const view = { text: reading.text, digits, rejected, doubtful };
  return { ...view, sentence: sentenceOf(view) };
}

function viewOfDigit({ value, confidence, doubtful, box, alternatives, frame }) {
  // A sure digit shows its closest rival, a doubtful one the two that a person has to choose from.
  const rivals = alternatives.filter(([, probability]) => probability >= LEAST_SHOWN).slice(0, doubtful ? 2 : 1);
  return {
    value,
    doubtful,
    box,
    frame, // only where it was read on the device
    confidence,
    percent: percent(confidence),
    alternatives: rivals.map(([rival, probability]) => ({ value: rival, percent: percent(probability) })),
  };
}

/** What happened, for the ear: "Read 40 7. To check: 7, 61.0 %. 1 mark is not a digit." */
export function sentenceOf({ text, digits, doubtful, rejected }) {
  const parts = [digits.length ? t('Read {text}.', { text: text.replaceAll('\n', ', ') }) : t('No digit yet.')];
  if (doubtful.length) {
    parts.push(t('To check: {digits}.', { digits: doubtful.map((digit) => `${digit.value}, ${digit.percent}`).join('; ') }));
  }
  if (rejected.length) parts.push(rejectedWords(rejected.length));
  return parts.join(' ');
}

export function rejectedWords(count) {
  return tn('{count} mark is not a digit.', '{count} marks are not digits.', count);
}
