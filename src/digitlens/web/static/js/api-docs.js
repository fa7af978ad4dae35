// The page to try the API: the form shows the answer in place, the reference is drawn from the OpenAPI document.

import { startCopyButtons } from './copy.js';
import { operationBlock } from './openapi-blocks.js';
import { operationsOf } from './openapi-view.js';
import { t } from './words.js';

startCopyButtons();
startTryForm(document.querySelector('[data-try]'), document.querySelector('[data-try-answer]'));
showReference(document.querySelector('[data-reference]'));

function startTryForm(form, answer) {
  const status = answer.querySelector('[data-try-status]');
  const json = answer.querySelector('[data-try-json]');
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    answer.hidden = false;
    status.textContent = t('Reading…');
    json.textContent = '';
    const started = performance.now();
    try {
      const response = await fetch(form.action, { method: 'POST', body: new FormData(form) });
      const body = await response.json();
      status.textContent = `${response.status} ${response.statusText}, ${Math.round(performance.now() - started)} ms`;
      json.textContent = JSON.stringify(body, null, 2);
    } catch {
      status.textContent = t('The server cannot be reached. Try again in a moment.');
    }
  });
}

async function showReference(place) {
  const wait = document.querySelector('[data-reference-wait]');
  try {
    const response = await fetch(place.dataset.reference);
    place.append(...operationsOf(await response.json()).map(operationBlock));
    wait.remove();
  } catch {
    wait.textContent = t('The OpenAPI document could not be loaded. Load this page again.');
  }
}
