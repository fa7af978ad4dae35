// The page to try the API: the form shows the answer in place, the reference is drawn from the OpenAPI document.

import { startCopyButtons } from './copy.js';
import { html } from './dom.js';
import { operationsOf } from './openapi-view.js';

startCopyButtons();
startTryForm(document.querySelector('[data-try]'), document.querySelector('[data-try-answer]'));
showReference(document.querySelector('[data-reference]'));

function startTryForm(form, answer) {
  const status = answer.querySelector('[data-try-status]');
  const json = answer.querySelector('[data-try-json]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    answer.hidden = false;
    status.textContent = 'Reading…';
    json.textContent = '';
    const started = performance.now();
    try {
      const response = await fetch(form.action, { method: 'POST', body: new FormData(form) });
      const body = await response.json();
      status.textContent = `${response.status} ${response.statusText}, ${Math.round(performance.now() - started)} ms`;
      json.textContent = JSON.stringify(body, null, 2);
    } catch {
      status.textContent = 'The server cannot be reached. Try again in a moment.';
    }
  });
}

async function showReference(place) {
  const wait = place.querySelector('[data-reference-wait]');
  try {
    const response = await fetch(place.dataset.reference);
    place.append(...operationsOf(await response.json()).map(operationBlock));
    wait.remove();
  } catch {
    wait.textContent = 'The OpenAPI document could not be loaded. Load this page again.';
  }
}

function operationBlock({ method, path, summary, description, bodyTypes, bodyDescription, answers }, index) {
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
