// Numbers as words for people. Pure: no document, no network.

/**
 * A probability as a percentage that never claims more than it knows: 0.99996 is "> 99.9 %", not "100 %".
 * The pages made by the server write theirs in the same way.
 * @param {number} probability in [0, 1]
 */
export function percent(probability) {
  const shown = (100 * probability).toFixed(1);
  if (shown === '100.0') return '> 99.9 %';
  return shown === '0.0' ? '< 0.1 %' : `${shown} %`;
}

/** `plural(1, 'digit', 'digits')` is "1 digit". */
export function plural(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}

/** Bytes as megabytes of a million bytes, as the settings count them. */
export function megabytes(bytes) {
  const value = bytes / 1e6;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} MB`;
}
