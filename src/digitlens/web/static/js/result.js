// The result page works without this; it adds copying, readable boxes, Escape, and the tie between a digit and its box.

import { keepReadable } from './boxes.js';
import { startCopyButtons } from './copy.js';
import { showLocalTimes } from './local-time.js';

startCopyButtons();
showLocalTimes();
for (const overlay of document.querySelectorAll('[data-boxes]')) keepReadable(overlay);

document.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape' && location.hash === '#picture') location.hash = 'enlarge';
});

function setActive(digit) {
  for (const part of document.querySelectorAll('[data-digit]')) {
    part.classList.toggle('is-active', digit !== null && part.dataset.digit === digit);
  }
}

const digitOf = (event) => event.target.closest?.('[data-digit]')?.dataset.digit ?? null;
for (const type of ['pointerover', 'focusin']) document.addEventListener(type, (event) => setActive(digitOf(event)));
for (const type of ['pointerleave', 'focusout']) document.addEventListener(type, () => setActive(null));
