import { schemeOf } from './is-url.js'

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
const CONTROLS = /\p{Cc}/gu
/** Two or more slashes: what stands behind them is an address also without a scheme before it. */
const SLASHES = /^[/\\]{2,}/

/**
 * A URL as events, logs and errors may show it: without user info and without the fragment; each value of the query is `***`, unless it is
 * a plain flag (empty, 0, 1, true, false, yes, no) or belongs to a parameter that lists are known to use (such as `hostformat`) and is short.
 * A parameter without `=` may be a token itself, so it is hidden in the same way. The path stays as it is. At most 2,048 characters.
 *
 * What looks like a URL and is no valid one (a mistyped address) loses what stands where user info and a query would, and is else as it
 * was; a path is as it was.
 */
export function sanitizeUrl(source: string | URL): string {
  const text = String(source).trim()
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.host === '') return shorten(sanitizeInvalid(String(source)))
  const query = url.search.slice(1)
  const shown = query === '' ? '' : `?${query.split('&').map(sanitizeParameter).join('&')}`
  return shorten(`${url.protocol}//${url.host}${url.pathname}${shown}`)
}

/** Whether a URL is not shown as it is, because of what is hidden (and not because of how it is written). */
export function hasSecrets(source: string): boolean {
  const shown = sanitizeUrl(source)
  if (shown === source) return false
  const text = source.trim()
  return !URL.canParse(text) || new URL(text).href !== shown
}

/** Whether a URL has a user name or a password, in whatever form. */
export function hasUserInfo(source: string): boolean {
  const text = source.trim()
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.host === '') return withoutUserInfo(text) !== text
  return url.username !== '' || url.password !== ''
}

function sanitizeInvalid(source: string): string {
  // A URL may have them anywhere, also in its scheme.
  const text = source.replaceAll(CONTROLS, '').trim()
  if (schemeOf(text) === undefined && !SLASHES.test(text)) return source
  return withoutUserInfo(text).replace(/[?#].*$/s, `?${HIDDEN}`)
}

/** Of a text that can't be read as a URL with a host: all up to the last `@` may be user info. */
function withoutUserInfo(text: string): string {
  const scheme = schemeOf(text) ?? ''
  const slashes = SLASHES.exec(text.slice(scheme.length))?.[0] ?? ''
  if (scheme === '' && slashes === '') return text
  const start = scheme.length + slashes.length
  return text.slice(0, start) + text.slice(Math.max(start, text.lastIndexOf('@') + 1))
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
