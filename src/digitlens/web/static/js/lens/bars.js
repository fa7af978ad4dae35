// The eleven answers as bars with numbers; a second set of probabilities can stand beside the first.

import { ranking } from '../answers.js';
import { html, svg } from '../dom.js';
import { percent } from '../format.js';
import { answerWords } from './layer-words.js';
import { t } from '../words.js';

const WIDTH = 100;

/**
 * @returns {{element: HTMLElement, show: (probabilities: ArrayLike<number>, before?: ArrayLike<number>) => void}}
 *   `before` is marked on each bar as a line, for comparison
 */
export function makeBars() {
  const rows = Array.from({ length: 11 }, (_, place) => {
    const bar = svg('rect', { height: 8, width: 0 });
    const mark = svg('line', { y1: -2, y2: 10, x1: 0, x2: 0, visibility: 'hidden', class: 'bar-before' });
    const words = html('span', { class: 'answer-percent' });
    const element = html('li', { class: 'answer' },
      html('span', { class: 'answer-name' }, answerWords(place)),
      svg('svg', { class: 'answer-bar', viewBox: `0 -2 ${WIDTH} 12`, preserveAspectRatio: 'none', 'aria-hidden': 'true', focusable: 'false' }, bar, mark),
      words);
    return { element, bar, mark, words };
  });
  const element = html('ol', { class: 'answers', dir: 'ltr', 'aria-label': t('Probability of each answer') }, ...rows.map((row) => row.element));
  function show(probabilities, before = null) {
    const [first, second] = ranking(probabilities);
    rows.forEach(({ element: row, bar, mark, words }, place) => {
      bar.setAttribute('width', (WIDTH * probabilities[place]).toFixed(2));
      mark.setAttribute('visibility', before?.[place] >= 0.005 ? 'visible' : 'hidden');
      const x = (WIDTH * (before?.[place] ?? 0)).toFixed(2);
      mark.setAttribute('x1', x);
      mark.setAttribute('x2', x);
      words.textContent = percent(probabilities[place]);
      row.classList.toggle('is-first', place === first);
      row.classList.toggle('is-second', place === second && probabilities[second] >= 0.0005);
    });
  }
  return { element, show };
}

/** "3, 98.2 %, then 8, 1.1 %": the two most probable answers in words. */
export function verdictWords(probabilities) {
  const [first, second] = ranking(probabilities);
  return t('{first}, {share}, then {second}, {rest}', {
    first: answerWords(first), share: percent(probabilities[first]),
    second: answerWords(second), rest: percent(probabilities[second]),
  });
}
