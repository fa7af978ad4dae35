// Which of several runs counts, and when one starts. Pure but for timers.

/**
 * Wrap an asynchronous task so that only its latest run counts: a new run aborts the one before.
 * @param {(signal: AbortSignal, ...args: any[]) => Promise<any>} task
 * @returns {{run: (...args: any[]) => Promise<any>, cancel: () => void}} `run` gives undefined where it was overtaken
 */
export function latest(task) {
  let controller = null;
  const cancel = () => controller?.abort();
  async function run(...args) {
    cancel();
    const mine = new AbortController();
    controller = mine;
    try {
      const answer = await task(mine.signal, ...args);
      return mine.signal.aborted ? undefined : answer;
    } catch (error) {
      if (mine.signal.aborted) return undefined;
      throw error;
    }
  }
  return { run, cancel };
}

/** Call `action` once nothing was asked for `wait_ms`; `now` calls it at once, `cancel` not at all. */
export function debounce(action, wait_ms) {
  let timer = null;
  const cancel = () => clearTimeout(timer);
  const now = () => { cancel(); action(); };
  const later = (delay_ms = wait_ms) => { cancel(); timer = setTimeout(action, delay_ms); };
  return { later, now, cancel };
}

/** Call `action` at most once in `wait_ms`, and once after the last time it was asked for. */
export function atMost(action, wait_ms) {
  let timer = null;
  const cancel = () => { clearTimeout(timer); timer = null; };
  const soon = () => { timer ??= setTimeout(() => { timer = null; action(); }, wait_ms); };
  return { soon, cancel };
}
