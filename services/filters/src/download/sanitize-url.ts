const HIDDEN = '***'
const MAX_LENGTH = 2048

/** Names of parameters that lists are known to use and that never hold a secret. */
const HARMLESS_NAMES = new Set(
  'hostformat showintro mimetype startdate format type lang language category list version v ref branch raw plain download mirror'.split(
    ' ',
  ),
)
const HARMLESS_VALUE = /^[\w.,/-]{0,32}$/
const FLAG = /^(?:|0|1|true|false|yes|no)$/

/**
 * A URL as events, logs and errors may show it: without user info and without the fragment; each value of the query is `***`, unless it is
 * a plain flag (empty, 0, 1, true, false, yes, no) or belongs to a parameter that lists are known to use (such as `hostformat`) and is short.
 * A parameter without `=` may be a token itself, so it is hidden in the same way. The path stays as it is. At most 2,048 characters.
 *
 * What is no valid URL (a local path, a mistyped address) loses what stands where user info and a query would, and is else as it was.
 */
export function sanitizeUrl(source: string | URL): string {
  if (!URL.canParse(String(source))) return shorten(sanitizeInvalid(String(source)))
  const url = new URL(source)
  const query = url.search.slice(1)
  const shown = query === '' ? '' : `?${query.split('&').map(sanitizeParameter).join('&')}`
  return shorten(`${url.host === '' ? url.protocol : `${url.protocol}//${url.host}`}${url.pathname}${shown}`)
}

function sanitizeInvalid(text: string): string {
  return /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text.replace(/\/\/.*@/, '//').replace(/[?#].*$/s, `?${HIDDEN}`) : text
}

function sanitizeParameter(parameter: string): string {
  const equals = parameter.indexOf('=')
  if (equals === -1) return HARMLESS_NAMES.has(parameter) ? parameter : HIDDEN
  const name = parameter.slice(0, equals)
  const value = parameter.slice(equals + 1)
  return FLAG.test(value) || (HARMLESS_NAMES.has(name) && HARMLESS_VALUE.test(value)) ? parameter : `${name}=${HIDDEN}`
}

function shorten(text: string): string {
  return text.length <= MAX_LENGTH ? text : `${text.slice(0, MAX_LENGTH)}…`
}
