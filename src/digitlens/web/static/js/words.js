// The words that scripts show, in the language of the page. Templates have theirs from Flask-Babel.
// The page names a file of translations where it is not English; it is there before any script that shows words runs.

const page = globalThis.document?.documentElement;

/** The page's language with the digits 0 to 9, for `Intl`; British English, as the texts are written. */
export const locale = `${!page?.lang || page.lang === 'en' ? 'en-GB' : page.lang}-u-nu-latn`;

const words = await load(page?.querySelector('link[data-words]')?.href);

async function load(address) {
  try {
    return address ? await (await fetch(address)).json() : {};
  } catch {
    return {}; // without a connection, English is better than nothing
  }
}

/** Signs, numbers and units keep their order where the text around them runs from right to left: "> 99.9 %". */
export const leftToRight = (words) => (page?.dir === 'rtl' ? `\u2066${words}\u2069` : words);

/** `t('Read {text}.', {text})`: the message in the page's language, its places filled in. */
export function t(message, values = {}) {
  return fill(words[message] ?? message, values);
}

/** `tn('{count} digit', '{count} digits', count)`: the form that the count asks for. */
export function tn(one, many, count, values = {}) {
  return fill(formOf(words[one], count, locale) ?? (count === 1 ? one : many), { count, ...values });
}

/**
 * The form of a message for a count: Arabic has six, English two.
 * @param {Record<string, string> | undefined} forms by the names that `Intl.PluralRules` gives
 */
export function formOf(forms, count, language) {
  return forms?.[new Intl.PluralRules(language).select(count)] ?? forms?.other;
}

function fill(message, values) {
  return message.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}
