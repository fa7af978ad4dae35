// Buttons with data-copy put that text on the clipboard and say so.

import { t } from './words.js';

const SAID_MS = 2000;

export function startCopyButtons(root = document) {
  for (const button of root.querySelectorAll('[data-copy], [data-copy-from]')) {
    button.addEventListener('click', () => copy(button));
  }
}

async function copy(button) {
  const label = button.querySelector('[data-copy-label]') ?? button;
  const source = button.dataset.copyFrom ? document.getElementById(button.dataset.copyFrom) : null;
  try {
    await navigator.clipboard.writeText(source ? source.textContent.trim() : button.dataset.copy);
    label.textContent = t('Copied');
  } catch { // no permission, or a page that is not served over HTTPS or from this machine
    label.textContent = t('Select and press Ctrl+C');
  }
  setTimeout(() => { label.textContent = t('Copy'); }, SAID_MS);
}
