import { stat as statOf } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isUrl } from '@headway/filters/compiler'
import type { Load } from '@headway/filters/compiler'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { fileReason } from './file-reason.js'
import { loadFile } from './load-file.js'

export interface SourceLoaderOptions {
  /** Where downloads are kept; undefined: nowhere. */
  readonly cacheFolder: string | undefined
  /** CIDR ranges of one's own network that may be asked. */
  readonly allowAddresses: readonly string[]
  /** A source that fails is what it was when it last did not. */
  readonly lastGood: boolean
}

export interface SourceLoader {
  readonly load: Load
  close(): Promise<void>
}

/**
 * Loads the sources of somebody who sits at this machine: URLs as a server does, and any file, relative to the working directory as with the
 * original's command.
 *
 * @throws CommandError for addresses that are none, and for a cache that can't be one
 */
export async function createSourceLoader(options: SourceLoaderOptions): Promise<SourceLoader> {
  if (options.cacheFolder !== undefined) await assertFolder(options.cacheFolder)
  // What is wrong with the addresses is told before anything is loaded.
  let downloads = options.allowAddresses.length === 0 ? undefined : await createDownloads(options)
  return {
    load: async (source, context) => {
      if (!isUrl(source)) return loadFile(source, context.signal)
      downloads ??= await createDownloads(options)
      return downloads.load(source, context)
    },
    close: async () => {
      await downloads?.close()
    },
  }
}

/** It may be missing: then it is made when there is something to keep. */
async function assertFolder(path: string): Promise<void> {
  const stat = await statOf(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new CommandError(`--cache ${path} can't be used: ${fileReason(error)}.`, EXIT.usage)
  })
  if (stat?.isDirectory() === false) throw new CommandError(`--cache ${path} is a file; name a folder.`, EXIT.usage)
}

async function createDownloads({ cacheFolder, allowAddresses, lastGood }: SourceLoaderOptions): Promise<SourceLoader> {
  // Loaded only where there is a URL: it takes longer than to compile a list.
  const { createDownloader } = await import('@headway/filters/download')
  try {
    return createDownloader({
      allowAddresses: await expanded(allowAddresses),
      onFailure: lastGood ? 'last-good' : 'fail',
      ...(cacheFolder !== undefined && { folder: resolve(cacheFolder) }),
    })
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new CommandError(error.message.replace('allowAddresses', '--allow-address'), EXIT.usage)
  }
}

/** `loopback` and `private` as what they stand for. */
async function expanded(addresses: readonly string[]): Promise<readonly string[]> {
  if (addresses.length === 0) return []
  const { withoutNames } = await import('@headway/server/settings')
  return withoutNames(addresses)
}
