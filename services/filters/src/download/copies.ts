import type { Content } from './body/block-buffer.js'
import type { DownloadCache, EntryFacts } from './cache/download-cache.js'
import type { Copy } from './cache/entry.js'
import type { Reporter } from './reporter.js'

/** Where a source is kept, and what is kept of it. */
export interface Kept {
  readonly cache: DownloadCache
  readonly key: string
  readonly copy: Copy | undefined
}

/** Finds what is kept of a source. A cache that can't be used is said, and done without: then there is none. */
export async function lookUp(cache: DownloadCache | undefined, identity: string, report: Reporter): Promise<Kept | undefined> {
  if (cache === undefined) return undefined
  try {
    const key = await cache.keyOf(identity)
    return { cache, key, copy: await cache.find(key) }
  } catch (error) {
    report.diagnostic('cache', 'warn', 'The download cache cannot be used.', { reason: codeOf(error) })
    return undefined
  }
}

/** The kept content; undefined when it is damaged, which is said, or went in the meantime. */
export async function readCopy({ cache, key }: Kept, copy: Copy, report: Reporter, signal: AbortSignal): Promise<Content | undefined> {
  const content = await cache.read(key, copy, signal)
  if (content === 'damaged') report.diagnostic('cache', 'warn', 'A copy in the download cache is damaged; it was removed.', { key })
  return typeof content === 'string' ? undefined : content
}

/** Keeps a content, and says what came of it. @param content the bytes, or the path of a file with them */
export async function keepCopy(
  { cache, key }: Kept,
  content: Uint8Array | string,
  sha256: string,
  facts: EntryFacts,
  report: Reporter,
  signal: AbortSignal,
): Promise<void> {
  try {
    const { kept, size, evicted } = await cache.write(key, content, sha256, facts, signal)
    if (kept) report.cache('write', key, size)
    else report.diagnostic('cache', 'info', 'The source is larger than the whole download cache, so it is not kept.', { size })
    for (const gone of evicted) report.cache('evict', gone.key, gone.size)
  } catch (error) {
    signal.throwIfAborted()
    sayUnwritten(error, report)
  }
}

/** Notes what the server said of a content that has not changed. */
export async function renewCopy({ cache, key }: Kept, copy: Copy, facts: EntryFacts, report: Reporter): Promise<void> {
  await cache.renew(key, copy, facts).catch((error: unknown) => sayUnwritten(error, report))
}

/** Forgets what is kept of a source. */
export async function dropCopy({ cache, key }: Kept, report: Reporter): Promise<void> {
  await cache.remove(key).catch((error: unknown) => sayUnwritten(error, report))
}

export function sayUnwritten(error: unknown, report: Reporter): void {
  report.diagnostic('cache', 'warn', 'The source cannot be kept in the download cache.', { reason: codeOf(error) })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}
