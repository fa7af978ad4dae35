// A Reading of the API as the values that a page shows and the sentence that a screen reader says. Pure.

import { percent, plural } from './format.js';

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

function viewOfDigit({ value, confidence, doubtful, box, alternatives }) {
  // A sure digit shows its closest rival, a doubtful one the two that a person has to choose from.
  const rivals = alternatives.slice(0, doubtful ? 2 : 1);
  return {
    value,
    doubtful,
    box,
    confidence,
    percent: percent(confidence),
    alternatives: rivals.map(([rival, probability]) => ({ value: rival, percent: percent(probability) })),
  };
}

/** What happened, for the ear: "Read 40 7. To check: 7, 61.0 %. 1 mark is not a digit." */
export function sentenceOf({ text, digits, doubtful, rejected }) {
  const parts = [digits.length ? `Read ${text.replaceAll('\n', ', ')}.` : 'No digit yet.'];
  if (doubtful.length) {
    parts.push(`To check: ${doubtful.map((digit) => `${digit.value}, ${digit.percent}`).join('; ')}.`);
  }
  if (rejected.length) parts.push(rejectedWords(rejected.length));
  return parts.join(' ');
}

export function rejectedWords(count) {
  return `${plural(count, 'mark is not a digit', 'marks are not digits')}.`;
}
