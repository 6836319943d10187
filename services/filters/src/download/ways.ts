import { rm } from 'node:fs/promises'
import type { Loaded } from '../compiler/types.js'
import { BlockBuffer, type Content } from './body/block-buffer.js'
import type { BodySink } from './body/body-sink.js'
import { FileSink, type HashedBody } from './body/file-sink.js'
import type { DownloadCache } from './cache/download-cache.js'
import type { Copy } from './cache/entry.js'
import { readCopy, sayUnwritten, type Kept } from './copies.js'
import type { Reporter } from './reporter.js'
import { baseForIncludes, type SourceUrl } from './source-url.js'

/** What is known of a source without its bytes. */
export interface Checked {
  /** Of its content, in hex. */
  readonly sha256: string
  /** True when the source failed and its last good copy stands in for it. */
  readonly stale?: boolean
}

/** What is wanted of a source, and so what is done with its content. */
export interface Way<Body, Result> {
  /** Takes a content in. @param cache where it may be kept */
  readonly createSink: (cache: DownloadCache | undefined) => BodySink<Body>
  /** The result by the copy that is kept; undefined when that can't be used. */
  readonly byCopy: (kept: Kept, copy: Copy, report: Reporter, signal: AbortSignal) => Promise<Result | undefined>
  readonly byBody: (body: Body, finalUrl: string) => Result
  /** What the cache is given; undefined: nothing. */
  readonly toKeep: (body: Body, report: Reporter) => { readonly content: Uint8Array | string; readonly sha256: string } | undefined
  /** The content was kept or not, and is not used any more but by the result. */
  readonly release: (body: Body) => Promise<void>
}

/** The whole content, in memory. */
export function loadingWay(source: SourceUrl): Way<Content, Loaded> {
  const loaded = (content: Content, finalUrl: string): Loaded => ({ ...content, finalUrl: baseForIncludes(finalUrl, source) })
  return {
    createSink: () => new BlockBuffer(),
    byCopy: async (kept, copy, report, signal) => {
      const content = await readCopy(kept, copy, report, signal)
      return content && loaded(content, copy.finalUrl)
    },
    byBody: loaded,
    toKeep: ({ bytes, sha256 }) => ({ content: bytes, sha256 }),
    release: () => Promise.resolve(),
  }
}

/** Only what the content is: it goes to the disk as it comes, and is not read where it is there already. */
export const CHECKING_WAY: Way<HashedBody, Checked> = {
  createSink: (cache) => new FileSink(cache?.temporary()),
  byCopy: async ({ cache, key }, copy) => {
    await cache.used(key, copy)
    return { sha256: copy.sha256 }
  },
  byBody: ({ sha256 }) => ({ sha256 }),
  toKeep: ({ file, sha256, failure }, report) => {
    if (failure !== undefined) sayUnwritten(failure, report)
    return file === undefined ? undefined : { content: file, sha256 }
  },
  release: async ({ file }) => {
    if (file !== undefined) await rm(file, { force: true }).catch(() => undefined)
  },
}
