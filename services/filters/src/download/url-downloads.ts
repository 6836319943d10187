import type { Loaded } from '../compiler/types.js'
import type { Content } from './body/block-buffer.js'
import type { DownloadCache, EntryFacts } from './cache/download-cache.js'
import type { Entry } from './cache/entry.js'
import { freshnessOf } from './cache/freshness.js'
import { createDeadline } from './deadline.js'
import { DownloadError } from './errors.js'
import { fetchSource, type Fetched, type FetchTools } from './fetch-source.js'
import { withRetries } from './host/retry.js'
import type { Slots } from './host/slots.js'
import type { Reporter } from './reporter.js'
import { sanitizeUrl } from './sanitize-url.js'
import { baseForIncludes, type SourceUrl } from './source-url.js'

/** What downloads share. */
export interface DownloadTools extends FetchTools {
  readonly slots: Slots
  /** Undefined: nothing is kept. */
  readonly cache: DownloadCache | undefined
}

/** Where a source is kept, and what is kept of it. */
interface Kept {
  readonly cache: DownloadCache
  readonly key: string
  readonly entry: Entry | undefined
}

/** Failures that say that the source must not be had, not that it can't be had now: an old copy does not stand in for it. */
const NOT_FOR_LAST_GOOD = new Set(['BLOCKED_ADDRESS', 'UNSUPPORTED_SCHEME', 'DOWNLOADER_CLOSED'])

/**
 * Gets a source: from the cache while it is fresh there, else from its server, which is asked for a newer copy only; and when that fails, the
 * last good copy where the settings want it.
 *
 * @throws DownloadError; the signal's reason when it is aborted
 */
export async function downloadSource(tools: DownloadTools, source: SourceUrl, report: Reporter, signal: AbortSignal): Promise<Loaded> {
  let kept = await lookUp(tools, source, report)
  if (kept?.entry !== undefined && kept.entry.freshUntil > tools.settings.now()) {
    const content = await readKept(kept, kept.entry, report, signal)
    if (content !== undefined) return { ...content, finalUrl: baseForIncludes(kept.entry.finalUrl, source) }
    kept = { ...kept, entry: undefined }
  }
  if (kept !== undefined && kept.entry === undefined) report.cache('miss', kept.key)
  try {
    return await fromServer(tools, source, kept, report, signal)
  } catch (error) {
    signal.throwIfAborted()
    const copy = await lastGood(tools, kept, error, report, signal)
    if (copy === undefined) throw error
    return { ...copy.content, finalUrl: baseForIncludes(copy.entry.finalUrl, source), stale: true }
  }
}

/** A cache that can't be used is said, and done without. */
async function lookUp({ cache }: DownloadTools, source: SourceUrl, report: Reporter): Promise<Kept | undefined> {
  if (cache === undefined) return undefined
  try {
    const key = await cache.keyOf(source.identity)
    return { cache, key, entry: await cache.find(key) }
  } catch (error) {
    report.diagnostic('cache', 'warn', 'The download cache cannot be used.', { reason: codeOf(error) })
    return undefined
  }
}

/** The kept content, said as a `hit`; undefined when it is damaged, which is said too. */
async function readKept({ cache, key }: Kept, entry: Entry, report: Reporter, signal: AbortSignal): Promise<Content | undefined> {
  const content = await cache.read(key, entry, signal)
  if (content === undefined) report.diagnostic('cache', 'warn', 'A copy in the download cache is damaged; it was removed.', { key })
  else report.cache('hit', key, entry.size)
  return content
}

async function fromServer(
  tools: DownloadTools,
  source: SourceUrl,
  kept: Kept | undefined,
  report: Reporter,
  signal: AbortSignal,
): Promise<Loaded> {
  const fetched = await fetchWithRetries(tools, source, kept?.entry, report, signal)
  if (fetched.content !== undefined) {
    if (kept?.entry !== undefined) report.cache('miss', kept.key)
    if (kept !== undefined) await keep(tools, kept, fetched.content, fetched, report)
    return { ...fetched.content, finalUrl: baseForIncludes(fetched.finalUrl, source) }
  }
  const content = kept?.entry && (await readKept(kept, kept.entry, report, signal))
  if (kept?.entry === undefined || content === undefined) {
    // What the server calls unchanged was damaged here, so all of it is needed.
    if (kept !== undefined) report.cache('miss', kept.key)
    return fromServer(tools, source, kept && { ...kept, entry: undefined }, report, signal)
  }
  const { facts } = judge(tools, { ...fetched, headers: { ...kept.entry.headers, ...fetched.headers } })
  await kept.cache.renew(kept.key, kept.entry, facts).catch((error: unknown) => sayUnwritten(error, report))
  return { ...content, finalUrl: baseForIncludes(fetched.finalUrl, source) }
}

async function fetchWithRetries(
  tools: DownloadTools,
  source: SourceUrl,
  entry: Entry | undefined,
  report: Reporter,
  signal: AbortSignal,
): Promise<Fetched> {
  const { settings } = tools
  const rules = { ...settings, minDelayMs: settings.retryMinDelayMs, maxDelayMs: settings.retryMaxDelayMs }
  const sayRetry = (error: DownloadError, attempt: number, delayMs: number) =>
    report.diagnostic('download', 'warn', `${error.message} It is tried again.`, {
      source: sanitizeUrl(source.url),
      code: error.code,
      attempt,
      delayMs,
    })
  using deadline = createDeadline(signal, settings.totalTimeoutMs)
  return await withRetries(rules, deadline.signal, sayRetry, () =>
    tools.slots.run(source.url.host, deadline.signal, () => {
      // The wait for the first place is no time of this source.
      deadline.start()
      return fetchSource(tools, source, entry, report, deadline.signal)
    }),
  )
}

async function keep(tools: DownloadTools, { cache, key }: Kept, content: Content, fetched: Fetched, report: Reporter): Promise<void> {
  const { storable, facts } = judge(tools, fetched)
  try {
    if (!storable) {
      await cache.remove(key)
      return
    }
    const evicted = await cache.write(key, content, facts)
    if (evicted === undefined) {
      report.diagnostic('cache', 'info', 'The source is larger than the whole download cache, so it is not kept.', {
        size: content.bytes.length,
      })
      return
    }
    report.cache('write', key, content.bytes.length)
    for (const gone of evicted) report.cache('evict', gone.key, gone.size)
  } catch (error) {
    sayUnwritten(error, report)
  }
}

function judge(
  { settings }: DownloadTools,
  { headers, finalUrl, temporary }: Omit<Fetched, 'content'>,
): { storable: boolean; facts: EntryFacts } {
  const { storable, freshMs } = freshnessOf(headers, settings.maxFreshMs)
  return { storable, facts: { finalUrl, headers, freshUntil: temporary ? 0 : settings.now() + freshMs } }
}

async function lastGood(
  { settings }: DownloadTools,
  kept: Kept | undefined,
  error: unknown,
  report: Reporter,
  signal: AbortSignal,
): Promise<{ readonly content: Content; readonly entry: Entry } | undefined> {
  if (settings.onFailure !== 'last-good' || !(error instanceof DownloadError) || NOT_FOR_LAST_GOOD.has(error.code)) return undefined
  const entry = await kept?.cache.find(kept.key)
  if (kept === undefined || entry === undefined) return undefined
  const content = await readKept(kept, entry, report, signal)
  if (content === undefined) return undefined
  const message = `${error.message} The last good copy stands in for it.`
  report.log('warn', message)
  report.diagnostic('download', 'warn', message, { code: error.code, stale: true })
  return { content, entry }
}

function sayUnwritten(error: unknown, report: Reporter): void {
  report.diagnostic('cache', 'warn', 'The source cannot be kept in the download cache.', { reason: codeOf(error) })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
