// The operations of an OpenAPI document as elements. The document is the contract for programs and is in English in
// every language of the pages, and so are the few words between its own; the page marks this part as English.

import { html } from './dom.js';

/** One operation of `operationsOf`, the first one open. */
export function operationBlock({ method, path, summary, description, bodyTypes, bodyDescription, answers }, index) {
  return html('details', { class: 'operation', open: index === 0 },
    html('summary', {}, html('span', { class: 'method' }, method), html('code', {}, path), html('span', { class: 'muted' }, summary)),
    html('div', { class: 'operation-body' },
      description && html('p', {}, ...prose(description)),
      bodyTypes.length > 0 && html('p', {}, ...prose(bodyDescription), ' Content types: ', ...codeList(bodyTypes), '.'),
      html('h3', {}, 'Answers'),
      html('ul', { class: 'answers' }, ...answers.map(answerBlock))));
}

/** Words with `code` in backticks, as OpenAPI descriptions have them. */
function prose(text) {
  return text.split('`').map((part, index) => (index % 2 ? html('code', {}, part) : part));
}

function codeList(words) {
  return words.flatMap((word, index) => [index > 0 ? ', ' : '', html('code', {}, word)]);
}

function answerBlock({ status, description, example }) {
  if (example === null) return html('li', {}, html('b', {}, status), ` ${description}`);
  const code = html('code', {}, JSON.stringify(example, null, 2));
  return html('li', {}, html('details', {},
    html('summary', {}, html('b', {}, status), html('span', {}, description)),
    html('pre', { tabindex: '0', 'aria-label': `Example of answer ${status}` }, code)));
}
