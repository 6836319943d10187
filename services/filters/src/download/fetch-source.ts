import { BreakerOpenError, retryAfterMs, type Breakers } from '@headway/core/breaker'
import type { Dispatcher } from 'undici'
import { assertAllowedHost } from './addresses/allowed-host.js'
import type { AddressRules } from './addresses/address-rules.js'
import type { BodySink } from './body/body-sink.js'
import { ACCEPT_ENCODING } from './body/decoders.js'
import { readBody, type BodyFacts } from './body/read-body.js'
import { cacheHeaders, conditionalHeaders, type CacheHeaders } from './cache/freshness.js'
import { DownloadError } from './errors.js'
import { networkError, statusError } from './network-error.js'
import type { DownloaderSettings } from './options.js'
import type { Reporter } from './reporter.js'
import { discard, sendRequest, type Answer } from './request.js'
import { sanitizeUrl } from './sanitize-url.js'
import { redirectTarget, withoutQuery, type SourceUrl } from './source-url.js'

/** What an attempt needs besides the source; one for a downloader. */
export interface FetchTools {
  /** What sends requests; it is loaded for the first one. */
  readonly dispatcher: () => Promise<Dispatcher>
  readonly rules: AddressRules
  readonly breakers: Breakers
  readonly settings: DownloaderSettings
}

/** The copy that we have: the server is asked whether there is a newer one. */
export interface KnownCopy {
  readonly finalUrl: string
  readonly headers: CacheHeaders
}

/** What a server says of a source. */
export interface Fetched<Body> {
  /** Undefined: it is what the known copy has. */
  readonly content: Body | undefined
  readonly headers: CacheHeaders
  /** Without query. */
  readonly finalUrl: string
  /** A redirect on the way was for this once only, so the next time the way may lead elsewhere. */
  readonly temporary: boolean
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
const TEMPORARY = new Set([302, 303, 307])
const CONTENT = new Set([200, 203, 204])

type Step<Body> = { readonly next: URL; readonly temporary: boolean } | { readonly done: Omit<Fetched<Body>, 'temporary' | 'finalUrl'> }

/**
 * One attempt: the request and each redirect after it, every address checked. Reports each request as `network`, and the speed of the content.
 *
 * @param createSink where the content goes
 * @throws DownloadError; the signal's reason when it is aborted
 */
export async function fetchSource<Body>(
  tools: FetchTools,
  source: SourceUrl,
  known: KnownCopy | undefined,
  createSink: () => BodySink<Body>,
  report: Reporter,
  signal: AbortSignal,
): Promise<Fetched<Body>> {
  let url = source.url
  let temporary = false
  for (let hop = 0; hop <= tools.settings.maxRedirects; hop += 1) {
    assertAllowedHost(url.hostname, tools.rules)
    const asked = known !== undefined && known.finalUrl === withoutQuery(url) ? known : undefined
    const authorization = url.origin === source.url.origin ? source.authorization : undefined
    const headers = {
      accept: 'text/plain, */*;q=0.5',
      'accept-encoding': ACCEPT_ENCODING,
      'user-agent': tools.settings.userAgent,
      ...(authorization === undefined ? {} : { authorization }),
      ...(asked === undefined ? {} : conditionalHeaders(asked.headers)),
    }
    const step = await guarded(tools, url, report, () => oneStep(tools, url, headers, createSink, report, signal))
    if ('done' in step) return { ...step.done, finalUrl: withoutQuery(url), temporary }
    url = step.next
    temporary ||= step.temporary
  }
  throw new DownloadError('TOO_MANY_REDIRECTS', `The source redirects more than ${String(tools.settings.maxRedirects)} times.`)
}

/** Runs a step past its host's breaker and tells the breaker how it went. */
async function guarded<T>({ breakers, settings }: FetchTools, url: URL, report: Reporter, step: () => Promise<T>): Promise<T> {
  await enter(breakers, url.host)
  try {
    const result = await step()
    if ((await breakers.leave(url.host, 'success')) === 'closed') {
      report.diagnostic('network', 'info', `"${url.host}" answers again.`, { host: url.host })
    }
    return result
  } catch (error) {
    const outcome = outcomeOf(error)
    if ((await breakers.leave(url.host, outcome)) === 'opened') {
      const metadata = { host: url.host, openMs: settings.breakerOpenMs }
      report.diagnostic('network', 'warn', `"${url.host}" failed too often; it is left alone for a while.`, metadata)
    }
    throw error
  }
}

async function enter(breakers: Breakers, host: string): Promise<void> {
  try {
    await breakers.enter(host)
  } catch (error) {
    throw error instanceof BreakerOpenError ? new DownloadError('BREAKER_OPEN', error.message) : error
  }
}

/** What is no download error is the reason of an abort. */
function outcomeOf(error: unknown): 'success' | 'failure' | 'neither' {
  if (!(error instanceof DownloadError) || error.code === 'BLOCKED_ADDRESS' || error.code === 'DOWNLOADER_CLOSED') return 'neither'
  return error.hostFault ? 'failure' : 'success'
}

async function oneStep<Body>(
  tools: FetchTools,
  url: URL,
  headers: Readonly<Record<string, string>>,
  createSink: () => BodySink<Body>,
  report: Reporter,
  signal: AbortSignal,
): Promise<Step<Body>> {
  const shown = sanitizeUrl(url)
  const started = performance.now()
  const took = () => Math.round(performance.now() - started)
  let answer: Answer
  try {
    answer = await sendRequest(await tools.dispatcher(), url, headers, signal)
  } catch (error) {
    signal.throwIfAborted()
    const failure = networkError(error, url.host, 'request')
    // A blocked address was never asked.
    if (failure.code !== 'BLOCKED_ADDRESS') report.network({ url: shown, durationMs: took() })
    throw failure
  }
  const { statusCode } = answer
  if (CONTENT.has(statusCode)) return readContent(tools, url, answer, createSink(), report, signal, took)
  discard(answer.body)
  // Of what else the answer held nobody knows the size: it was not read.
  report.network({ url: shown, statusCode, durationMs: took(), ...(statusCode === 304 && { responseSize: 0 }) })
  const location = answer.headers['location']
  if (REDIRECTS.has(statusCode) && typeof location === 'string') {
    return { next: redirectTarget(location, url), temporary: TEMPORARY.has(statusCode) }
  }
  const conditional = 'if-none-match' in headers || 'if-modified-since' in headers
  if (statusCode === 304 && conditional) return { done: { content: undefined, headers: cacheHeaders(answer.headers) } }
  throw statusError(url.host, statusCode, retryAfterMs(answer.headers['retry-after'], tools.settings.now()))
}

async function readContent<Body>(
  { settings }: FetchTools,
  url: URL,
  { statusCode, headers, body }: Answer,
  sink: BodySink<Body>,
  report: Reporter,
  signal: AbortSignal,
  took: () => number,
): Promise<Step<Body>> {
  const facts: BodyFacts = {
    encoding: headers['content-encoding'],
    type: [headers['content-type'] ?? []].flat()[0],
    length: [headers['content-length'] ?? []].flat()[0],
    received: 0,
  }
  const shown = sanitizeUrl(url)
  const sayRequest = () => report.network({ url: shown, statusCode, durationMs: took(), responseSize: facts.received })
  try {
    const content = await readBody(body, facts, settings, sink, signal)
    sayRequest()
    report.speed(shown, facts.received, took())
    return { done: { content, headers: cacheHeaders(headers) } }
  } catch (error) {
    discard(body)
    await sink.abandon()
    signal.throwIfAborted()
    sayRequest()
    throw networkError(error, url.host, 'body')
  }
}
