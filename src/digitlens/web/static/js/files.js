// Judges chosen files before they travel, so that nobody waits for an upload that must fail. Pure.

import { megabytes } from './format.js';

/**
 * @param {{name: string, size: number}[]} files
 * @param {{maxMb: number, maxFiles: number}} limits
 * @returns {{message: string, hint: string} | null} what is wrong with them, or null
 */
export function problemWith(files, { maxMb, maxFiles }) {
  if (files.length === 0) {
    return { message: 'No file was chosen.', hint: 'Choose a picture of handwritten digits.' };
  }
  if (files.length > maxFiles) {
    return { message: `You chose ${files.length} files; at most ${maxFiles} can be read at once.`, hint: 'Send them in smaller groups.' };
  }
  const large = files.find((file) => file.size > maxMb * 1e6);
  if (large) {
    return { message: `${large.name} has ${megabytes(large.size)}; a file may have at most ${maxMb} MB.`, hint: 'Send a smaller picture, or fewer pages at once.' };
  }
  const empty = files.find((file) => file.size === 0);
  if (empty) {
    return { message: `${empty.name} is empty.`, hint: 'Choose another file, or save the picture again.' };
  }
  return null;
}
