// <time data-local> is written in UTC by the server; here it becomes the reader's own time.

import { locale } from './words.js';

const FORMAT = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short' });

export function showLocalTimes(root = document) {
  for (const element of root.querySelectorAll('time[data-local]')) {
    element.textContent = FORMAT.format(new Date(element.dateTime));
  }
}
