import type { Downloader, DownloaderOptions } from '../../download/index.js'
import { isUrl } from '../../download/is-url.js'
import { CompileError } from '../compile-error.js'
import type { CompileLimits } from '../limits.js'
import type { Load } from '../types.js'
import { addressOf } from './source-name.js'

export interface DefaultLoadOptions {
  readonly localFolder: string | undefined
  readonly download: DownloaderOptions | undefined
  readonly limits: CompileLimits
}

/** How sources are got where nobody gives a `load`. To be closed when the compilation is over. */
export interface DefaultLoad {
  readonly load: Load
  close(): Promise<void>
}

/** Loads files of one folder (and of no other), and URLs by the package's downloader, which is only there once there is a URL. */
export function createDefaultLoad({ localFolder, download, limits }: DefaultLoadOptions): DefaultLoad {
  const localRules = { maxExpandedBytes: limits.sourceBytes, ...(localFolder !== undefined && { localFolder }) }
  let downloader: Promise<Downloader> | undefined
  return {
    async load(source, context) {
      if (!isUrl(source)) {
        const { loadLocalFile } = await import('../../download/local-file.js')
        return loadLocalFile(source, localRules, context.signal).catch((error: unknown) => {
          throw error instanceof CompileError ? new CompileError(error.code, `${addressOf(source).shown}: ${error.message}`) : error
        })
      }
      downloader ??= import('../../download/index.js').then(({ createDownloader }) => createDownloader(download))
      return (await downloader).load(source, context)
    },
    async close() {
      await downloader?.then(
        (made) => made.close(),
        () => undefined,
      )
    },
  }
}
