// Which chapters were read: kept on this device alone, or for as long as the page lives where nothing can be kept.

const KEY = 'digitlens.learn';
let inMemory = [];

/** @returns {string[]} the slugs of the chapters that were read */
export function readSlugs(storage = localStore()) {
  try {
    const kept = JSON.parse(storage.getItem(KEY));
    return Array.isArray(kept) ? kept.filter((slug) => typeof slug === 'string') : inMemory;
  } catch {
    return inMemory; // forbidden, or not ours
  }
}

export function markRead(slug, storage = localStore()) {
  const read = readSlugs(storage);
  if (!read.includes(slug)) keep([...read, slug], storage);
}

export function forgetAll(storage = localStore()) {
  keep([], storage);
}

function keep(slugs, storage) {
  inMemory = slugs;
  try {
    storage.setItem(KEY, JSON.stringify(slugs));
  } catch {
    // full or forbidden: the memory of this page is enough
  }
}

function localStore() {
  try {
    return globalThis.localStorage;
  } catch {
    return null;
  }
}
