// Keeps the app on this device for use without a network, and says in the footer where that stands.

import { t } from './words.js';

const place = document.querySelector('[data-offline]');

const WORDS = {
  kept: () => t('Works offline on this device'),
  full: () => t('Not kept for offline use: the browser gives no more room'),
};

function say(words) {
  if (place && place.textContent !== words) place.textContent = words;
}

function showLine() {
  if (!navigator.onLine) say(t('You are offline. The pad, the lens, the lesson and the samples work all the same.'));
  else if (localStorageHas('kept')) say(WORDS.kept());
  else say('');
}

function localStorageHas(state) {
  try { return localStorage.getItem('digitlens.offline') === state; } catch { return false; }
}

function remember(state) {
  try { localStorage.setItem('digitlens.offline', state); } catch { /* no storage: said anew each time */ }
}

async function start() {
  navigator.serviceWorker.addEventListener('message', ({ data }) => {
    if (!(data in WORDS)) return;
    remember(data);
    say(WORDS[data]());
  });
  await navigator.serviceWorker.register('/sw.js');
  const { active } = await navigator.serviceWorker.ready;
  if (!navigator.connection?.saveData) active.postMessage('keep-more');
}

window.addEventListener('online', showLine);
window.addEventListener('offline', showLine);
showLine();
// Only over HTTPS or on this machine itself; without it, or where the browser forbids it, all works but offline.
if ('serviceWorker' in navigator) {
  const begin = () => start().catch(() => {});
  if (document.readyState === 'complete') begin();
  else window.addEventListener('load', begin);
}
