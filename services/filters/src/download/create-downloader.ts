import { createHash } from 'node:crypto'
import { Breakers, createMemoryBreakerStore } from '@headway/core/breaker'
import type { Agent } from 'undici'
import type { Load, Loaded } from '../compiler/types.js'
import { createAddressRules } from './addresses/address-rules.js'
import { copyBytes } from './body/block-buffer.js'
import { DownloadCache } from './cache/download-cache.js'
import { named } from './errors.js'
import { Flights } from './flights.js'
import { Slots } from './host/slots.js'
import { checkLocalFile, loadLocalFile } from './local-file.js'
import { withDefaults, type DownloaderOptions, type DownloaderSettings } from './options.js'
import { createReporter } from './reporter.js'
import { sanitizeUrl } from './sanitize-url.js'
import { parseSource, type SourceUrl } from './source-url.js'
import { downloadSource, loadChecked, type Download, type DownloadTools } from './url-downloads.js'
import { CHECKING_WAY, loadingWay, type Checked } from './ways.js'

/** How a source is asked for. */
export interface DownloadContext {
  readonly signal: AbortSignal
  readonly on: Parameters<Load>[1]['on']
  /** Who wants it, as an opaque text: one owner has only a part of the places for requests. Whoever names none has no such limit. */
  readonly owner?: string
}

/** Gets sources, for any number of compilations at the same time. */
export interface Downloader {
  /**
   * Gets a source from a URL (http, https) or, where a folder is named for them, from a local path. Requests for the same URL at the same time
   * share one download, which stops when the last who waits for it is aborted. The bytes are the caller's own and may be transferred.
   *
   * `checked` is the hash that `check` gave a moment ago: that content comes from the cache without asking the server once more.
   *
   * Rejects with a `DownloadError` (which is a `CompileError`), or with the signal's reason.
   */
  readonly load: (source: string, context: DownloadContext & { readonly checked?: string }) => Promise<Loaded>
  /**
   * Tells what a source's content is without giving it: what is fresh or unchanged is not read, all else goes into the cache as it comes and
   * never is in memory as a whole. Rejects as `load` does.
   */
  readonly check: (source: string, context: DownloadContext) => Promise<Checked>
  /** Stops every download and closes all connections. */
  close(): Promise<void>
}

/** Makes a downloader. @throws RangeError, TypeError when an option can't be */
export function createDownloader(options: DownloaderOptions = {}): Downloader {
  const settings = withDefaults(options)
  const tools = createTools(settings)
  const loads = new Flights<Loaded>(async (loaded) => ({ ...loaded, bytes: await copyBytes(loaded.bytes) }))
  const checks = new Flights<Checked>((checked) => Promise.resolve(checked))

  const load = async (source: SourceUrl, context: DownloadContext, checked: string | undefined): Promise<Loaded> =>
    loads.join(checked === undefined ? source.identity : `${source.identity}\n${checked}`, context, async (flight) => {
      const download = { ...flightOf(source, context, flight), way: loadingWay(source) }
      return (checked === undefined ? undefined : await loadChecked(tools, download, checked)) ?? downloadSource(tools, download)
    })
  const check = (source: SourceUrl, context: DownloadContext): Promise<Checked> =>
    checks.join(source.identity, context, (flight) => downloadSource(tools, { ...flightOf(source, context, flight), way: CHECKING_WAY }))

  return {
    load: (source, context) =>
      naming(source, context.signal, async () => {
        const parsed = parseSource(source)
        return parsed === undefined ? loadLocalFile(source, settings, context.signal) : load(parsed, context, context.checked)
      }),
    check: (source, context) =>
      naming(source, context.signal, async () => {
        const parsed = parseSource(source)
        return parsed === undefined ? checkLocalFile(source, settings, context.signal) : check(parsed, context)
      }),
    async close() {
      await Promise.all([loads.close(), checks.close(), tools.disconnect()])
    },
  }
}

function flightOf(
  source: SourceUrl,
  { owner }: DownloadContext,
  { signal, on }: Pick<DownloadContext, 'signal' | 'on'>,
): Omit<Download<unknown, unknown>, 'way'> {
  return { source, owner, report: createReporter(on), signal }
}

/** What fails says which source it is about. */
async function naming<T>(source: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted()
  try {
    return await work()
  } catch (error) {
    throw named(error, sanitizeUrl(source))
  }
}

function createTools(settings: DownloaderSettings): DownloadTools & { disconnect(): Promise<void> } {
  const rules = createAddressRules(settings.allowAddresses)
  let agent: Promise<Agent> | undefined
  const breakerRules = { failures: settings.breakerFailures, openMs: settings.breakerOpenMs, memoryMs: settings.breakerMemoryMs }
  return {
    settings,
    rules,
    rulesHash: createHash('sha256').update(JSON.stringify(settings.allowAddresses.toSorted())).digest('hex'),
    dispatcher: () => {
      // Loaded with the first request: it is large, and many a process downloads nothing.
      agent ??= import('./create-agent.js').then(({ createAgent }) => createAgent(settings, rules))
      return agent
    },
    disconnect: async () => (await agent)?.destroy(),
    breakers: new Breakers(settings.breakers ?? createMemoryBreakerStore(settings.now), 'filters:breaker:', breakerRules, settings.now),
    slots: new Slots({
      inAll: settings.concurrency,
      perHost: settings.concurrencyPerHost,
      perOwner: settings.concurrencyPerOwner ?? Math.max(1, Math.floor(settings.concurrency / 2)),
    }),
    cache: settings.folder === undefined ? undefined : new DownloadCache(settings.folder, settings.maxCacheBytes),
  }
}
