// What a doubt means and what to do about it. `templates/_doubts.html` has the same words for the pages of the server.

import { percent } from '../../format.js';
import { leftToRight, t } from '../../words.js';
import { answerWords } from '../layer-words.js';
import { number } from '../numbers.js';

const share = (value) => leftToRight(t('{value} %', { value: number(100 * value, value < 0.1 ? 1 : 0) }));
const pixels = (value) => number(value, 1);

/**
 * @param {{code, measured, low, high, value}} doubt as from `findDoubts`
 * @returns {{title: string, detail: string, advice: string}}
 */
export function doubtWords({ code, measured, low, high, value }) {
  const other = { value: answerWords(value), percent: percent(measured), high: high === null ? '' : percent(high) };
  const inPixels = { measured: pixels(measured), low: low === null ? '' : pixels(low), high: high === null ? '' : pixels(high) };
  const inShares = { measured: share(measured), low: low === null ? '' : share(low), high: high === null ? '' : share(high) };
  switch (code) {
    case 'blank': return {
      title: t('The frame is empty.'), detail: t('There is no ink in it.'), advice: t('Write something, or choose another digit.') };
    case 'runner_up': return {
      title: t('Close behind: {value}.', other),
      detail: t('The network gives it {percent}; usual is less than {high} for the runner-up.', other),
      advice: t('Compare what speaks for both, and write what tells them apart more clearly.') };
    case 'may_be_no_digit': return {
      title: t('It may be no digit at all.'),
      detail: t('The network gives that {percent}; usual is less than {high}.', other),
      advice: t('Write the digit larger and alone, without lines or letters around it.') };
    case 'no_digit': return {
      title: t('The network takes this for no digit.'),
      detail: t('It gives that {percent}; usual for a digit is less than {high}. The likeliest digit is {value}.', other),
      advice: t('If it is one, write it larger and alone, without lines or letters around it.') };
    case 'unfamiliar': return {
      title: t('It is unlike what the network learned from.'),
      detail: t('No digit speaks up: their scores together reach {measured}; usual are {low} and more.', inPixels),
      advice: t('Do not lean on the answer; look at the nearest training digits on the map.') };
    case 'far': return {
      title: t('Nothing that it learned from is near.'),
      detail: t('The nearest training digit, a {value}, is {measured} times as far away as usual; only 1 in 200 digits is beyond {high}.', { ...inPixels, value: other.value }),
      advice: t('Do not lean on the answer; look at the nearest training digits on the map.') };
    case 'grey_paper': return {
      title: t('Paper and ink cannot be told apart.'),
      detail: t('Half of the frame is brighter than {measured} of full ink; usual is {high}.', inShares),
      advice: t('Take the picture in even light. If ink and paper are swapped, swap them back.') };
    case 'grey_ink': return {
      title: t('The ink is pale.'),
      detail: t('Its brightest pixel has {measured} of full ink; usual are {low} and more.', inShares),
      advice: t('Use a darker pen.') };
    case 'several_marks': return {
      title: t('There is more than one mark.'),
      detail: t('{measured} of the ink lies in a second mark; usual is a single one.', inShares),
      advice: t('If these are two digits, leave a gap between them. If it is one, close the gap between its parts.') };
    case 'thin_stroke': return {
      title: t('The stroke is thin.'),
      detail: t('It is {measured} pixels wide; usual are {low} to {high}.', inPixels),
      advice: t('Use a thicker pen, or write smaller.') };
    case 'thick_stroke': return {
      title: t('The stroke is thick.'),
      detail: t('It is {measured} pixels wide; usual are {low} to {high}.', inPixels),
      advice: t('Use a thinner pen, or write larger, so that loops stay open.') };
    case 'wide': return {
      title: t('The mark is wide.'),
      detail: t('It is {measured} times as wide as high; usual is {high} at most.', inPixels),
      advice: t('If two digits touch, leave a gap between them.') };
    case 'frame_edge': return {
      title: t('Ink lies on the edge of the frame.'),
      detail: t('{measured} of the ink is there; usual is {high} at most.', inShares),
      advice: t('Something may be cut off: move the digit to the middle.') };
    case 'small': return {
      title: t('The mark is small in its frame.'),
      detail: t('Its longest side has {measured} pixels; usual are {low}.', inPixels),
      advice: t('Make it larger: in pictures this happens by itself.') };
    case 'large': return {
      title: t('The mark is large in its frame.'),
      detail: t('Its longest side has {measured} pixels; usual are {high}.', inPixels),
      advice: t('Make it smaller: in pictures this happens by itself.') };
    case 'off_centre': return {
      title: t('The mark is off centre.'),
      detail: t('Its middle is {measured} pixels away from the usual place; usual are {high} at most.', inPixels),
      advice: t('Move it to the middle: in pictures this happens by itself.') };
    case 'specks': return {
      title: t('There are specks around the mark.'),
      detail: t('{measured} of the ink lies in them; usual is {high} at most.', inShares),
      advice: t('Use clean paper and more light.') };
    case 'soft': return {
      title: t('The edges are soft.'),
      detail: t('Their grey rim is {measured} pixels wide; usual is {high} at most.', inPixels),
      advice: t('Hold the camera still and closer.') };
    default: throw new Error(`No words for ${code}`);
  }
}
