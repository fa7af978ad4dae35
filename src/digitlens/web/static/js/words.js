// The words that scripts show, in the language of the page. Templates have theirs from Flask-Babel.

/** `t('Read {text}.', {text})`: the message in the page's language, its places filled in. */
export function t(message, values = {}) {
  return message.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** `tn('{count} digit', '{count} digits', count)`: the form that the count asks for. */
export function tn(one, many, count, values = {}) {
  return t(count === 1 ? one : many, { count, ...values });
}
