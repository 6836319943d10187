import type { Load } from '@headway/filters/compiler'
import { loadFile } from './load-file.js'

/** Anything with a scheme is for the downloader, which says which of them it takes. */
const URL_LIKE = /^[a-z][a-z\d+.-]*:\/\//i

export interface SourceLoaderOptions {
  /** Where downloads are kept; undefined: nowhere. */
  readonly cacheFolder: string | undefined
  /** CIDR ranges of one's own network that may be asked. */
  readonly allowAddresses: readonly string[]
}

export interface SourceLoader {
  readonly load: Load
  close(): Promise<void>
}

/**
 * Loads the sources of somebody who sits at this machine: URLs as a server does, and any file, relative to the working directory as with the
 * original's command.
 */
export function createSourceLoader(options: SourceLoaderOptions): SourceLoader {
  let downloads: Promise<SourceLoader> | undefined
  return {
    load: async (source, context) => {
      if (!URL_LIKE.test(source)) return loadFile(source, context.signal)
      downloads ??= createDownloads(options)
      const { load } = await downloads
      return load(source, context)
    },
    close: async () => {
      await (await downloads)?.close()
    },
  }
}

async function createDownloads(_options: SourceLoaderOptions): Promise<SourceLoader> {
  await Promise.resolve()
  throw new Error('Not yet.')
}
