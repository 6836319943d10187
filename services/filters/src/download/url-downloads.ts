import type { Loaded } from '../compiler/types.js'
import { assertAllowedHost } from './addresses/allowed-host.js'
import type { DownloadCache, EntryFacts } from './cache/download-cache.js'
import type { Copy } from './cache/entry.js'
import { freshnessOf } from './cache/freshness.js'
import { dropCopy, keepCopy, lookUp, readCopy, renewCopy, type Kept } from './copies.js'
import { createDeadline } from './deadline.js'
import { DownloadError } from './errors.js'
import { fetchSource, type Fetched, type FetchTools } from './fetch-source.js'
import { withRetries } from './host/retry.js'
import type { Slots } from './host/slots.js'
import type { Reporter } from './reporter.js'
import { sanitizeUrl } from './sanitize-url.js'
import { baseForIncludes, type SourceUrl } from './source-url.js'
import type { Way } from './ways.js'

/** What downloads share. */
export interface DownloadTools extends FetchTools {
  readonly slots: Slots
  /** Undefined: nothing is kept. */
  readonly cache: DownloadCache | undefined
  /** What tells the rules for addresses from other ones. */
  readonly rulesHash: string
}

/** One download, and who wants it. */
export interface Download<Body, Result> {
  readonly source: SourceUrl
  readonly way: Way<Body, Result>
  /** Whose places it takes; see `DownloadContext`. */
  readonly owner: string | undefined
  readonly report: Reporter
  readonly signal: AbortSignal
}

/** Failures that say that the source must not be had, not that it can't be had now: an old copy does not stand in for it. */
const NOT_FOR_LAST_GOOD = new Set(['BLOCKED_ADDRESS', 'UNSUPPORTED_SCHEME', 'DOWNLOADER_CLOSED'])

/**
 * Gets a source: from the cache while it is fresh there, else from its server, which is asked for a newer copy only; and when that fails, the
 * last good copy where the settings want it.
 *
 * @throws DownloadError; the signal's reason when it is aborted
 */
export async function downloadSource<Body, Result extends object>(
  tools: DownloadTools,
  download: Download<Body, Result>,
): Promise<Result & { readonly stale?: boolean }> {
  const { source, report, signal } = download
  assertAllowedHost(source.url.hostname, tools.rules)
  let kept = await lookUp(tools.cache, source.identity, report)
  if (kept?.copy !== undefined && kept.copy.freshUntil > tools.settings.now() && isUnderSameRules(tools, kept.copy)) {
    const result = await byCopy(download, kept, kept.copy)
    if (result !== undefined) return result
    kept = { ...kept, copy: undefined }
  }
  if (kept !== undefined && kept.copy === undefined) report.cache('miss', kept.key)
  try {
    return await fromServer(tools, download, kept)
  } catch (error) {
    signal.throwIfAborted()
    const result = await lastGood(tools, download, kept, error)
    if (result === undefined) throw error
    return { ...result, stale: true }
  }
}

/** The content that was checked a moment ago, if the cache still has it. It says nothing: that was all said. */
export async function loadChecked(
  tools: DownloadTools,
  { source, report, signal }: Omit<Download<unknown, unknown>, 'way' | 'owner'>,
  sha256: string,
): Promise<Loaded | undefined> {
  assertAllowedHost(source.url.hostname, tools.rules)
  const kept = await lookUp(tools.cache, source.identity, report)
  if (kept?.copy === undefined || kept.copy.sha256 !== sha256 || !isUnderSameRules(tools, kept.copy)) return undefined
  const content = await readCopy(kept, kept.copy, report, signal)
  return content && { ...content, finalUrl: baseForIncludes(kept.copy.finalUrl, source) }
}

/** What was got under other rules may be forbidden now, and nobody noted all addresses on the way to it. */
function isUnderSameRules({ rulesHash }: DownloadTools, copy: Copy): boolean {
  return copy.rules === rulesHash
}

/** The result by the copy that is kept, said as a `hit`. */
async function byCopy<Body, Result>({ way, report, signal }: Download<Body, Result>, kept: Kept, copy: Copy): Promise<Result | undefined> {
  const result = await way.byCopy(kept, copy, report, signal)
  if (result !== undefined) report.cache('hit', kept.key, copy.size)
  return result
}

async function fromServer<Body, Result>(tools: DownloadTools, download: Download<Body, Result>, kept: Kept | undefined): Promise<Result> {
  const { way, report } = download
  const fetched = await fetchWithRetries(tools, download, kept?.copy)
  if (fetched.content !== undefined) {
    if (kept?.copy !== undefined) report.cache('miss', kept.key)
    try {
      if (kept !== undefined) await keep(tools, download, kept, fetched.content, fetched)
      return way.byBody(fetched.content, fetched.finalUrl)
    } finally {
      await way.release(fetched.content)
    }
  }
  const result = kept?.copy && (await byCopy(download, kept, kept.copy))
  if (kept?.copy === undefined || result === undefined) {
    // What the server calls unchanged was damaged here or went in the meantime, so all of it is needed.
    if (kept !== undefined) report.cache('miss', kept.key)
    return fromServer(tools, download, kept && { ...kept, copy: undefined })
  }
  const { facts } = judge(tools, { ...fetched, headers: { ...kept.copy.headers, ...fetched.headers } })
  await renewCopy(kept, kept.copy, facts, report)
  return result
}

async function fetchWithRetries<Body>(
  tools: DownloadTools,
  { source, way, owner, report, signal }: Download<Body, unknown>,
  copy: Copy | undefined,
): Promise<Fetched<Body>> {
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
    tools.slots.run({ host: source.url.host, owner }, deadline.signal, () => {
      // The wait for the first place is no time of this source.
      deadline.start()
      return fetchSource(tools, source, copy, () => way.createSink(tools.cache), report, deadline.signal)
    }),
  )
}

async function keep<Body>(
  tools: DownloadTools,
  { way, report, signal }: Download<Body, unknown>,
  kept: Kept,
  body: Body,
  fetched: Omit<Fetched<Body>, 'content'>,
): Promise<void> {
  const { storable, facts } = judge(tools, fetched)
  if (!storable) return dropCopy(kept, report)
  const given = way.toKeep(body, report)
  if (given !== undefined) await keepCopy(kept, given.content, given.sha256, facts, report, signal)
}

function judge(
  { settings, rulesHash }: DownloadTools,
  { headers, finalUrl, temporary }: Omit<Fetched<unknown>, 'content'>,
): { storable: boolean; facts: EntryFacts } {
  const { storable, freshMs } = freshnessOf(headers, settings.maxFreshMs)
  return { storable, facts: { finalUrl, headers, rules: rulesHash, freshUntil: temporary ? 0 : settings.now() + freshMs } }
}

async function lastGood<Body, Result>(
  tools: DownloadTools,
  download: Download<Body, Result>,
  kept: Kept | undefined,
  error: unknown,
): Promise<Result | undefined> {
  if (tools.settings.onFailure !== 'last-good' || !(error instanceof DownloadError) || NOT_FOR_LAST_GOOD.has(error.code)) return undefined
  const copy = await kept?.cache.find(kept.key)
  if (kept === undefined || copy === undefined || !isUnderSameRules(tools, copy)) return undefined
  const result = await byCopy(download, kept, copy)
  if (result === undefined) return undefined
  const message = `${error.message} The last good copy stands in for it.`
  download.report.log('warn', message)
  download.report.diagnostic('download', 'warn', message, { code: error.code, stale: true })
  return result
}
