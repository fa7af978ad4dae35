// Undo and redo as a row of snapshots. Pure: each function gives a new history and leaves the old one alone.
// A snapshot is an array of strokes; strokes are never changed, so snapshots share them.

/** @typedef {{past: object[][], present: object[], future: object[][]}} History */

/** @returns {History} */
export const emptyHistory = () => ({ past: [], present: [], future: [] });

/** A stroke was drawn, or all were cleared; what was undone before is gone. */
export const changed = ({ past, present }, strokes) => ({ past: [...past, present], present: [...strokes], future: [] });

/** Every snapshot changed in the same way. */
export const mapped = ({ past, present, future }, change) => ({ past: past.map(change), present: change(present), future: future.map(change) });

/** One step back; the same history where there is none. */
export function undo(history) {
  const { past, present, future } = history;
  return past.length ? { past: past.slice(0, -1), present: past.at(-1), future: [present, ...future] } : history;
}

/** One step forward again; the same history where there is none. */
export function redo(history) {
  const { past, present, future } = history;
  return future.length ? { past: [...past, present], present: future[0], future: future.slice(1) } : history;
}
