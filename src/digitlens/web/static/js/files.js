// Judges chosen files before they travel, so that nobody waits for an upload that must fail. Pure.

import { megabytes } from './format.js';
import { t } from './words.js';

/**
 * What the server would refuse as a whole. One bad file among several travels with them: it gets its own row there.
 *
 * @param {{name: string, size: number}[]} files
 * @param {{maxMb: number, maxFiles: number}} limits
 * @returns {{message: string, hint: string} | null} what is wrong with them, or null
 */
export function problemWith(files, { maxMb, maxFiles }) {
  if (files.length === 0) {
    return { message: t('No file was chosen.'), hint: t('Choose a picture of handwritten digits.') };
  }
  if (files.length > maxFiles) {
    return { message: t('You chose {count} files; at most {most} can be read at once.', { count: files.length, most: maxFiles }), hint: t('Send them in smaller groups.') };
  }
  if (files.length > 1) return null;
  const [{ name, size }] = files;
  if (size > maxMb * 1e6) {
    return { message: t('{name} has {size}; a file may have at most {most} MB.', { name, size: megabytes(size), most: maxMb }), hint: t('Send a smaller picture, or fewer pages at once.') };
  }
  if (size === 0) {
    return { message: t('{name} is empty.', { name }), hint: t('Choose another file, or save the picture again.') };
  }
  return null;
}
