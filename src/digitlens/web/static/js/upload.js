// Sending pictures: choosing sends at once, dropping and pasting work anywhere on the page.

import { isReachable } from './api.js';
import { ICONS, html, icon } from './dom.js';
import { problemWith } from './files.js';
import { t, tn } from './words.js';

const REFUSED = 'digitlens.refused';
let refused = null; // the names and sizes of the files that were refused here

/** Bring the upload forms of the page to life. */
export function startUpload() {
  const forms = [...document.querySelectorAll('form[data-upload]')];
  for (const form of forms) {
    const input = form.querySelector('[data-files]');
    const send = () => { if (input.files.length) sendIfSound(form, input); };
    input.addEventListener('change', send);
    send(); // somebody was faster than this script
  }
  const [form] = forms;
  const take = (files) => {
    const input = form.querySelector('[data-files]');
    input.files = files;
    sendIfSound(form, input);
  };
  takeDrops(take);
  takePastes(take);
  showBusyWhileSending();
  sayAgainIn(document.querySelector('[data-languages]'), form.querySelector('[data-files]'));
}

const limitsOf = ({ dataset }) => ({ maxMb: Number(dataset.maxMb), maxFiles: Number(dataset.maxFiles) });

async function sendIfSound(form, input) {
  const files = [...input.files];
  const wrong = problemWith(files, limitsOf(input));
  const problem = wrong ?? (await isReachable() ? null : unreachable());
  showProblem(problem);
  refused = wrong && files.map(({ name, size }) => ({ name, size }));
  if (problem) form.reset();
  else form.requestSubmit();
}

function unreachable() {
  return {
    message: t('You are offline, so the picture was not sent.'),
    hint: t('Pictures are read on the server. Choose it again when you are back; what you write below is read on this device.'),
  };
}

function showProblem(problem) {
  const place = document.querySelector('[data-notices]');
  place.replaceChildren();
  if (!problem) return;
  place.append(html('div', { class: 'notice notice--bad', role: 'alert' }, icon(ICONS.alert),
    html('p', { class: 'notice-title' }, problem.message), html('p', {}, problem.hint)));
  place.scrollIntoView({ block: 'nearest' });
}

/** Who chooses another language then is told in it what is wrong with the files. */
function sayAgainIn(languages, input) {
  try {
    refused = JSON.parse(sessionStorage.getItem(REFUSED));
    sessionStorage.removeItem(REFUSED);
    if (refused) showProblem(problemWith(refused, limitsOf(input)));
    languages.addEventListener('click', () => { if (refused) sessionStorage.setItem(REFUSED, JSON.stringify(refused)); });
  } catch { /* no storage: then it is told once */ }
}

function takeDrops(take) {
  const overlay = document.querySelector('[data-drop-overlay]');
  const hasFiles = (event) => event.dataTransfer?.types.includes('Files');
  let depth = 0; // dragenter and dragleave also come from every child element
  const setDepth = (value) => { depth = Math.max(0, value); overlay.hidden = depth === 0; };
  window.addEventListener('dragenter', (event) => { if (hasFiles(event)) { event.preventDefault(); setDepth(depth + 1); } });
  window.addEventListener('dragover', (event) => { if (hasFiles(event)) event.preventDefault(); });
  window.addEventListener('dragleave', (event) => { if (hasFiles(event)) setDepth(depth - 1); });
  window.addEventListener('drop', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    setDepth(0);
    if (event.dataTransfer.files.length) take(event.dataTransfer.files);
  });
}

function takePastes(take) {
  document.addEventListener('paste', (event) => {
    if (!event.clipboardData?.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });
}

function showBusyWhileSending() {
  const busy = document.querySelector('[data-busy]');
  const words = document.querySelector('[data-busy-words]');
  document.addEventListener('submit', (event) => {
    if (event.defaultPrevented) return;
    const count = event.target.querySelector('input[type="file"]')?.files.length ?? 1;
    busy.hidden = false;
    words.textContent = count > 1 ? tn('Reading {count} file…', 'Reading {count} files…', count) : t('Reading…');
  });
  window.addEventListener('pageshow', (event) => { // coming back with the browser's back button
    busy.hidden = true;
    if (event.persisted) for (const form of document.forms) form.reset();
  });
}
