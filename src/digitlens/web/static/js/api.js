// Talks to POST /api/v1/readings. Gives a Reading or throws a CalmError, whose words can be shown as they are.

import { t } from './words.js';

export class CalmError extends Error {
  /** @param {number | null} retry_s seconds after which trying again makes sense; null where it does not */
  constructor(message, hint, retry_s = null) {
    super(message);
    this.hint = hint;
    this.retry_s = retry_s;
  }
}

/** @returns {Promise<object>} the first page's Reading */
export async function read(url, picture, signal, send = fetch) {
  let response;
  try {
    response = await send(url, { method: 'POST', body: picture, headers: { 'Content-Type': picture.type }, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new CalmError(t('The server cannot be reached.'), t('What you wrote is kept here. Trying again…'), 3);
  }
  const answer = await response.json().catch(() => ({}));
  if (response.ok) return answer.readings[0];
  throw calmErrorOf(response, answer.error ?? {});
}

function calmErrorOf(response, { message, hint }) {
  const retry_s = Number(response.headers.get('Retry-After')) || 2;
  if (response.status === 429) return new CalmError(t('One moment, please.'), t('There are many readings right now; yours follows by itself.'), retry_s);
  if (response.status === 503) return new CalmError(message ?? t('Reading is not possible right now.'), hint ?? t('Trying again…'), Math.max(retry_s, 5));
  return new CalmError(message ?? t('The server answered with error {status}.', { status: response.status }), hint ?? t('Try it again, or clear the pad.'));
}

/** Whether the server answers: asked before a form leaves the page, whose content would be lost on an error page. */
export async function isReachable(send = fetch) {
  try {
    return (await send('/healthz', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
