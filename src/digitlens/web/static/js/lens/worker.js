// Heavy work beside the page, so that the page never freezes. brain.js speaks to it.

import { runTask } from './tasks.js';

const cancelled = new Set();

globalThis.addEventListener('message', async ({ data: { id, cancel, address, task, args } }) => {
  if (cancel) {
    cancelled.add(id);
    return;
  }
  const answer = (part) => globalThis.postMessage({ id, ...part });
  try {
    const value = await runTask(address, task, args, (progress) => answer({ progress }), () => cancelled.delete(id));
    answer({ value });
  } catch (error) {
    answer({ error: String(error?.message ?? error) });
  }
});
