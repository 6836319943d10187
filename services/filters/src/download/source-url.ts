import { DownloadError } from './errors.js'
import { schemeOf } from './is-url.js'

const MAX_URL_CHARACTERS = 8192

/** A request's address, and what proves our right to it. */
export interface SourceUrl {
  /** Without user info and fragment. */
  readonly url: URL
  /** The user info of the source as an `Authorization` header; only for the source's own origin. */
  readonly authorization: string | undefined
  readonly userInfo: { readonly username: string; readonly password: string }
  /** What it is shared and kept under: who has other credentials gets a copy of their own. A secret. */
  readonly identity: string
}

/**
 * Reads a source as a URL; undefined when it is a local path.
 *
 * @throws DownloadError UNSUPPORTED_SCHEME, INVALID_URL
 */
export function parseSource(source: string): SourceUrl | undefined {
  const text = source.trim()
  const scheme = schemeOf(text)
  if (scheme === undefined) return undefined
  assertScheme(scheme)
  if (text.length > MAX_URL_CHARACTERS || !URL.canParse(text)) {
    throw new DownloadError('INVALID_URL', `The source is not a valid URL of at most ${String(MAX_URL_CHARACTERS)} characters.`)
  }
  const url = new URL(text)
  const { username, password } = url
  const plain = bare(url)
  return {
    url: plain,
    authorization: basic(username, password),
    userInfo: { username, password },
    identity: `${username}:${password}@${plain.href}`,
  }
}

/** The address that a redirect leads to. @throws DownloadError UNSUPPORTED_SCHEME, SOURCE_BAD_ANSWER */
export function redirectTarget(location: string, from: URL): URL {
  if (location.length > MAX_URL_CHARACTERS || !URL.canParse(location, from.href)) {
    throw new DownloadError('SOURCE_BAD_ANSWER', `"${from.host}" redirects to something that is no URL.`)
  }
  const url = new URL(location, from)
  assertScheme(url.protocol)
  return bare(url)
}

/** The address as includes need it: with the user info of the source where the origin is still the same, without query and fragment. */
export function baseForIncludes(final: string, source: SourceUrl): string {
  const url = new URL(final)
  if (url.origin === source.url.origin) Object.assign(url, source.userInfo)
  return url.href
}

/** An address without its query: which of them redirects end at may change each time. */
export function withoutQuery(url: URL): string {
  return `${url.origin}${url.pathname}`
}

function assertScheme(scheme: string): void {
  if (scheme === 'http:' || scheme === 'https:') return
  throw new DownloadError('UNSUPPORTED_SCHEME', `Sources are downloaded by http and https only, not by ${scheme.slice(0, 40)}`)
}

function bare(url: URL): URL {
  const copy = new URL(url)
  copy.username = ''
  copy.password = ''
  copy.hash = ''
  return copy
}

function basic(username: string, password: string): string | undefined {
  if (username === '' && password === '') return undefined
  return `Basic ${Buffer.from(`${decode(username)}:${decode(password)}`).toString('base64')}`
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
