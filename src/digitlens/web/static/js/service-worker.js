// The service worker: keeps the app on the device, so that the pad, the lens, the lesson and the samples work offline.
// A classic script, since not every browser takes modules here. `self.KEPT` is set by the server in /sw.js.
// The network comes first, always; what is kept answers where it does not. Results of uploads are never kept.

const { version, core, more, fallback } = self.KEPT;
const CACHE = `digitlens-${version}`;
const PATIENCE_MS = 4000; // a page on a line that hangs; everything else waits for the network to say no

self.addEventListener('install', (event) => {
  event.waitUntil(keepCore().then(() => self.skipWaiting(), sayFull));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(forgetOlder().then(() => self.clients.claim()));
});

self.addEventListener('message', (event) => {
  if (event.data === 'keep-more') event.waitUntil(keepMore(event.source));
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === 'navigate') event.respondWith(page(request));
  else event.respondWith(fetch(request).catch((error) => kept(request).then((found) => found ?? Promise.reject(error))));
});

async function keepCore() {
  const cache = await caches.open(CACHE);
  await cache.addAll(core);
}

/** Where not even the core finds room, no worker starts that a page could ask: every open page is told. */
async function sayFull(error) {
  const pages = await self.clients.matchAll({ includeUncontrolled: true });
  if (error.name === 'QuotaExceededError') for (const page of pages) page.postMessage('full');
  throw error;
}

async function forgetOlder() {
  for (const name of await caches.keys()) if (name.startsWith('digitlens-') && name !== CACHE) await caches.delete(name);
}

/** Keep the rest one by one, so that the server is not flooded; tell the page that asked when all is there. */
async function keepMore(client) {
  const cache = await caches.open(CACHE);
  try {
    for (const address of more) if (!(await cache.match(address))) await keepWithParts(cache, address);
    client?.postMessage('kept');
  } catch (error) {
    client?.postMessage(error.name === 'QuotaExceededError' ? 'full' : 'unfinished');
  }
}

/** A sample's page names the pictures of its steps and the pages of its digits, and these name more: all belong to it. */
async function keepWithParts(cache, address, root = address) {
  await cache.add(address);
  const answer = await cache.match(address);
  if (!root.startsWith('/samples/') || !answer.headers.get('Content-Type').startsWith('text/html')) return;
  const parts = new Set([...(await answer.text()).matchAll(/(?:src|href)="(\/samples\/[^"#]+)"/g)].map(([, found]) => found));
  for (const part of parts) if (part.startsWith(`${root}/`) && !(await cache.match(part))) await keepWithParts(cache, part, root);
}

async function page(request) {
  const fromNetwork = fetch(request).then((response) => { keepFresh(request, response); return response; });
  const late = new Promise((resolve) => { setTimeout(resolve, PATIENCE_MS); });
  try {
    const answer = await Promise.race([fromNetwork, late.then(() => kept(request))]);
    return answer ?? await fromNetwork; // late, and not kept: there is nothing better than to wait
  } catch {
    return await kept(request) ?? await caches.match(fallback) ?? Response.error();
  }
}

/** A page that is on the list is kept as it was last seen. */
function keepFresh(request, response) {
  const { pathname, search } = new URL(request.url);
  if (!response.ok || search || !(core.includes(pathname) || more.includes(pathname))) return;
  const copy = response.clone();
  caches.open(CACHE).then((cache) => cache.put(pathname, copy)).catch(() => {}); // full: the older copy stays
}

/** What is kept for an address; the `?v=` of a file names its content, which has one version here. */
async function kept(request) {
  const cache = await caches.open(CACHE);
  return cache.match(request, { ignoreSearch: true, ignoreVary: true });
}
