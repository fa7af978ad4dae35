// The words of the experiments: readings, sliders, places.

import { NOT_A_DIGIT, ranking } from '../../answers.js';
import { percent } from '../../format.js';
import { leftToRight, t, tn } from '../../words.js';
import { answerWords } from '../layer-words.js';
import { number } from '../numbers.js';

/** "Reads 7 (98.2 %), then 1 (1.1 %)." */
export function readingWords(probabilities) {
  const [first, second] = ranking(probabilities);
  const values = {
    first: answerWords(first), percent: percent(probabilities[first]),
    second: answerWords(second), less: percent(probabilities[second]),
  };
  return first === NOT_A_DIGIT
    ? t('Taken for no digit ({percent}), then {second} ({less}).', values)
    : t('Reads {first} ({percent}), then {second} ({less}).', values);
}

/** Names of the sliders as labels. */
export const sliderNames = () => ({
  turn: t('Turn'),
  shiftX: t('Move right'),
  shiftY: t('Move down'),
  scale: t('Size'),
  shear: t('Slant'),
  thickness: t('Stroke width'),
  blur: t('Blur'),
  ink: t('Ink'),
  ground: t('Grey paper'),
  noise: t('Noise'),
});

/** A slider's value with its unit: "23°", "+1.5 px", "120 %". */
export function valueWords(name, value) {
  if (name === 'turn' || name === 'shear') return leftToRight(`${number(value)}°`);
  if (['scale', 'ink', 'ground', 'noise'].includes(name)) return leftToRight(t('{value} %', { value: number(value) }));
  return leftToRight(t('{value} px', { value: number(value, Number.isInteger(10 * value) || name === 'thickness' || name === 'blur' ? 1 : 2) }));
}

/** What a change did, as the beginning of a sentence: "Turned by 23° to the left". */
export function changeWords({ name, value, pixels }) {
  const size = Math.abs(value);
  const by = { value: valueWords(name, size) };
  const isMore = value > 0;
  switch (name) {
    case 'turn': return isMore ? t('Turned by {value} to the right', by) : t('Turned by {value} to the left', by);
    case 'shiftX': return isMore ? t('Moved right by {value}', by) : t('Moved left by {value}', by);
    case 'shiftY': return isMore ? t('Moved down by {value}', by) : t('Moved up by {value}', by);
    case 'scale': return t('At {value} of its size', by);
    case 'shear': return isMore ? t('Slanted by {value} to the right', by) : t('Slanted by {value} to the left', by);
    case 'thickness': return isMore ? t('With strokes wider by {value}', by) : t('With strokes thinner by {value}', by);
    case 'erase': return tn('With {count} pixel erased', 'With {count} pixels erased', pixels.length);
    default: return tn('With {count} pixel inked', 'With {count} pixels inked', pixels.length);
  }
}

/** Where nothing flipped: what was tried. */
export function triedWords(name) {
  switch (name) {
    case 'turn': return t('No turn changes the answer so.');
    case 'shiftX': return t('No move to the left or right by up to 10 px does.');
    case 'shiftY': return t('No move up or down by up to 10 px does.');
    case 'scale': return t('No size from 40 % to 160 % does.');
    case 'shear': return t('No slant up to 45° does.');
    case 'thickness': return t('No stroke width within the slider’s range does.');
    case 'erase': return t('No patch of up to 48 pixels was found that does it when erased.');
    default: return t('No patch of up to 48 pixels was found that does it when inked.');
  }
}

/** Third by third, row by row: where a place of the frame lies. */
export const regionWords = (region) => [
  t('upper left'), t('upper middle'), t('upper right'),
  t('middle left'), t('centre'), t('middle right'),
  t('lower left'), t('lower middle'), t('lower right'),
][region];
