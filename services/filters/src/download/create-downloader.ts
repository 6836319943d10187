import { Agent } from 'undici'
import type { Load } from '../compiler/types.js'
import { createAddressRules } from './addresses/address-rules.js'
import { createCheckedConnector } from './addresses/checked-connector.js'
import { DownloadCache } from './cache/download-cache.js'
import { Flights } from './flights.js'
import { Breakers } from './host/breaker.js'
import { createMemoryBreakerStore } from './host/breaker-store.js'
import { Slots } from './host/slots.js'
import { loadLocalFile } from './local-file.js'
import { withDefaults, type DownloaderOptions, type DownloaderSettings } from './options.js'
import { createReporter } from './reporter.js'
import { sanitizeUrl } from './sanitize-url.js'
import { parseSource, type SourceUrl } from './source-url.js'
import { downloadSource, type DownloadTools } from './url-downloads.js'

/** Gets sources, for any number of compilations at the same time. */
export interface Downloader {
  /**
   * Gets a source from a URL (http, https) or, where a folder is named for them, from a local path. Requests for the same URL at the same time
   * share one download, which stops when the last who waits for it is aborted. The bytes are the caller's own and may be transferred.
   *
   * Rejects with a `DownloadError` (which is a `CompileError`), or with the signal's reason.
   */
  readonly load: Load
  /** Stops every download and closes all connections. */
  close(): Promise<void>
}

/** A connection that nobody uses is kept for so long. */
const KEEP_ALIVE_MS = 4000

/** Makes a downloader. @throws RangeError, TypeError when an option can't be */
export function createDownloader(options: DownloaderOptions = {}): Downloader {
  const settings = withDefaults(options)
  const tools = createTools(settings)
  const flights = new Flights()
  const download = (source: SourceUrl, caller: Parameters<Load>[1]) =>
    flights.join(source.identity, caller, ({ signal, on }) => downloadSource(tools, source, createReporter(on), signal))
  return {
    async load(source, { signal, on }) {
      signal.throwIfAborted()
      const parsed = parseSource(source)
      const loaded = await (parsed === undefined ? loadLocalFile(source, settings, signal) : download(parsed, { signal, on }))
      if (loaded.bytes.length === 0) createReporter(on).empty(sanitizeUrl(source))
      return loaded
    },
    async close() {
      await Promise.all([flights.close(), tools.dispatcher.destroy()])
    },
  }
}

function createTools(settings: DownloaderSettings): DownloadTools {
  const rules = createAddressRules(settings.allowAddresses)
  const dispatcher = new Agent({
    connect: createCheckedConnector(rules, settings.resolve, settings.connectTimeoutMs),
    connections: settings.concurrencyPerHost,
    pipelining: 1,
    headersTimeout: settings.headersTimeoutMs,
    bodyTimeout: settings.bodyIdleTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  })
  const breakerRules = { failures: settings.breakerFailures, openMs: settings.breakerOpenMs, memoryMs: settings.breakerMemoryMs }
  return {
    settings,
    rules,
    dispatcher,
    breakers: new Breakers(settings.breakers ?? createMemoryBreakerStore(settings.now), breakerRules, settings.now),
    slots: new Slots(settings.concurrency, settings.concurrencyPerHost),
    cache: settings.folder === undefined ? undefined : new DownloadCache(settings.folder, settings.maxCacheBytes, settings.now),
  }
}
