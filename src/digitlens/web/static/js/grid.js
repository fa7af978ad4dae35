// A grid of 28 x 28 cells that one draws on with keys or a pointer. Pure: each function gives a new state.

import { ARROWS } from './arrows.js';
import { SIDE } from './lens/frames.js';

/** @typedef {{ink: Uint8Array, row: number, column: number, isPenDown: boolean}} Grid ink is 1 or 0, row by row */

/** @returns {Grid} empty, the cursor a little above the middle, where most digits begin */
export const emptyGrid = () => ({ ink: new Uint8Array(SIDE * SIDE), row: 6, column: 13, isPenDown: false });

export const isEmpty = ({ ink }) => !ink.includes(1);

/** Whether there is ink under the cursor. */
export const hasInk = ({ ink, row, column }) => ink[row * SIDE + column] === 1;

/** Put ink (1) or paper (0) into the cells of a straight line from the cursor to a cell; the cursor goes there. */
export function drawTo(grid, row, column, value = 1) {
  const ink = grid.ink.slice();
  const steps = Math.max(1, Math.abs(row - grid.row), Math.abs(column - grid.column));
  for (let step = 0; step <= steps; step += 1) {
    const y = Math.round(grid.row + ((row - grid.row) * step) / steps);
    const x = Math.round(grid.column + ((column - grid.column) * step) / steps);
    ink[y * SIDE + x] = value;
  }
  return { ...grid, ink, row, column };
}

/** The other of ink and paper under the cursor. */
export function toggle(grid) {
  const ink = grid.ink.slice();
  ink[grid.row * SIDE + grid.column] ^= 1;
  return { ...grid, ink };
}

export const moveTo = (grid, row, column) => ({ ...grid, row, column });

const within = (place) => Math.min(SIDE - 1, Math.max(0, place));

/**
 * What a key does: arrows move, with Shift or the pen down they draw; Space and Enter change a cell, P puts the pen down
 * or lifts it, Home and End go to the ends of the row, Delete clears.
 * @returns {Grid | null} null where the key means nothing here
 */
export function afterKey(grid, key, isShift = false) {
  if (key in ARROWS) {
    const [down, right] = ARROWS[key];
    const [row, column] = [within(grid.row + down), within(grid.column + right)];
    return isShift || grid.isPenDown ? drawTo(grid, row, column) : moveTo(grid, row, column);
  }
  switch (key) {
    case ' ':
    case 'Enter': return toggle(grid);
    case 'p':
    case 'P': return lift(grid, !grid.isPenDown);
    case 'Home': return moveTo(grid, grid.row, 0);
    case 'End': return moveTo(grid, grid.row, SIDE - 1);
    case 'Delete':
    case 'Backspace': return { ...grid, ink: new Uint8Array(SIDE * SIDE) };
    default: return null;
  }
}

/** The pen down, which inks the cell under it, or up. */
export function lift(grid, isPenDown) {
  return isPenDown ? { ...drawTo(grid, grid.row, grid.column), isPenDown } : { ...grid, isPenDown };
}
