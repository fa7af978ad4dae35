// One store for a page, and its views: each mounts when it comes near the screen, and each fails alone.

import { activations, classify, inWorker, loadNetwork } from './brain.js';
import { PIXELS, frameOfHash, fromText, keepOwn, ownFrame, toText } from './frames.js';
import { startSections } from './sections.js';
import { showTrouble } from './trouble.js';
import { t } from '../words.js';

const NEAR = '600px';
let lens = null;

/**
 * Start the store of this page once, and mount its `[data-view]` elements as they come near the screen.
 * @returns {object} the store; see `makeStore`
 */
export function startLens() {
  if (lens) return lens;
  lens = makeStore();
  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      mountView(target, lens);
    }
  }, { rootMargin: NEAR });
  for (const place of document.querySelectorAll('[data-view]')) observer.observe(place);
  document.addEventListener('digitlens:own', () => {
    const own = ownFrame();
    if (toText(own.frame) !== (lens.frame && toText(lens.frame))) lens.setFrame(own.frame, own.source);
  });
  window.addEventListener('hashchange', () => {
    const { asked, frame } = frameOfHash(location.hash);
    if (frame) lens.setFrame(frame, { kind: 'link' });
    else if (asked) lens.tell('damaged');
  });
  startSections();
  begin(lens);
  return lens;
}

/** `[{name, label, alt, frame}]`: the bundled example digits. */
export async function loadExamples() {
  const response = await fetch(document.querySelector('meta[name="digitlens-examples"]')?.content ?? '/static/lens/examples.json');
  const examples = await response.json();
  return examples.map(({ name, label, alt, frame }) => ({ name, label: t(label), alt: t(alt), frame: fromText(frame) }));
}

/** The first frame: the address's, the page's, the reader's own, or an example. */
async function begin(store) {
  const { asked, frame } = frameOfHash(location.hash);
  const carrier = document.querySelector('[data-frame]');
  const carried = fromText(carrier?.dataset.frame);
  const own = ownFrame();
  if (frame) return store.setFrame(frame, { kind: 'link' });
  if (!asked && carried) return store.setFrame(carried, { kind: 'result', label: carrier.dataset.frameLabel, url: location.pathname });
  if (!asked && own) return store.setFrame(own.frame, own.source);
  const [example] = await loadExamples().catch(() => [{ label: t('an empty frame'), frame: new Float32Array(PIXELS) }]);
  if (!store.frame) store.setFrame(example.frame, { kind: 'example', label: example.label, name: example.name });
  if (asked) store.tell('damaged');
}

/**
 * `frame`, `source`, `answer` (null until it is known), `failure` (why there is none), `trouble` ('damaged': the address
 * carried no frame), `network`; `setFrame`, `subscribe`, and of the brain `activations`, `inWorker`, `classify`.
 */
function makeStore() {
  const listeners = new Set();
  const tellAll = () => { for (const listener of [...listeners]) listener(store); };
  const store = {
    frame: null,
    source: null,
    answer: null,
    failure: null,
    trouble: null,
    get network() { return loadNetwork(); },
    activations,
    classify,
    inWorker,
    /** Show another frame everywhere. An own one is kept for the other pages. */
    setFrame(frame, source, { keep = source.kind === 'own' } = {}) {
      Object.assign(store, { frame, source, answer: null, failure: null, trouble: null });
      if (keep && toText(ownFrame()?.frame ?? []) !== toText(frame)) keepOwn(frame, source);
      tellAll();
      return store.retry();
    },
    /** Ask the network again, as after a failure to load it. */
    async retry() {
      const { frame } = store;
      let found;
      try {
        found = { answer: await classify(frame), failure: null };
      } catch (error) {
        found = { answer: null, failure: error };
      }
      if (store.frame !== frame) return; // another one came meanwhile
      Object.assign(store, found);
      tellAll();
    },
    /** Tell the views of a trouble beside the digit. */
    tell(trouble) {
      store.trouble = trouble;
      tellAll();
    },
    /** `fn(store)`: called at once where there is a frame, and after every change of frame or answer. */
    subscribe(fn) {
      listeners.add(fn);
      if (store.frame) fn(store);
      return () => listeners.delete(fn);
    },
  };
  return store;
}

/** Mount one view; what it throws, then or later in a subscription, shows as a notice in its place alone. */
async function mountView(place, store) {
  const fail = (error) => {
    console.info(`The view ${place.dataset.view} stopped:`, error);
    place.removeAttribute('aria-busy');
    place.classList.remove('is-stale');
    showTrouble(place, () => mountView(place, store));
  };
  const own = Object.create(store, {
    subscribe: {
      value: (fn) => {
        const stop = store.subscribe(guarded);
        function guarded(state) {
          Promise.resolve().then(() => fn(state)).catch((error) => { stop?.(); fail(error); });
        }
        return stop;
      },
    },
  });
  place.setAttribute('aria-busy', 'true');
  try {
    const { mount } = await import(`./views/${place.dataset.view}.js`);
    await mount(place, own);
    place.removeAttribute('aria-busy');
  } catch (error) {
    fail(error);
  }
}
