import { createHash } from 'node:crypto'
import { open, realpath } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import { CompileError } from '../compile-error.js'
import type { CompileLimits } from '../limits.js'
import type { Load, Loaded } from '../types.js'
import { isUrl } from '../../download/is-url.js'

/**
 * How sources are got where nobody gives a `load`: files of one folder (and of no other), and URLs by the package's downloader, which is
 * only loaded when there is a URL.
 */
export function defaultLoad(localFolder: string | undefined, limits: CompileLimits): Load {
  let downloader: Promise<Load> | undefined
  return async (source, context) => {
    if (!isUrl(source)) return readLocal(source, localFolder, limits)
    downloader ??= import('../../download/index.js').then(({ createDownloader }) => createDownloader({}).load)
    return (await downloader)(source, context)
  }
}

async function readLocal(source: string, folder: string | undefined, limits: CompileLimits): Promise<Loaded> {
  if (folder === undefined) {
    throw new CompileError('LOCAL_FILES_NOT_ALLOWED', `${source} is a path; files are read only where a folder for them is named.`)
  }
  if (source.includes('\0')) throw new CompileError('SOURCE_FAILED', `${JSON.stringify(source)} is no path.`)
  try {
    const root = await realpath(folder)
    const path = await realpath(resolve(root, source))
    const inside = relative(root, path)
    if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
      throw new CompileError('LOCAL_FILES_NOT_ALLOWED', `${source} is outside of the folder whose files may be read.`)
    }
    const file = await open(path, 'r')
    try {
      const stats = await file.stat()
      if (!stats.isFile()) throw new CompileError('SOURCE_FAILED', `${source} is not a file.`)
      if (stats.size > limits.sourceBytes) {
        throw new CompileError('SOURCE_TOO_LARGE', `${source} has ${stats.size} bytes; at most ${limits.sourceBytes} are allowed.`)
      }
      const bytes = await file.readFile()
      return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
    } finally {
      await file.close()
    }
  } catch (error) {
    if (error instanceof CompileError) throw error
    const { code } = error as NodeJS.ErrnoException
    const why = code === 'ENOENT' ? 'there is no such file' : (code ?? String(error))
    throw new CompileError('SOURCE_FAILED', `${source} can't be read: ${why}.`, { cause: error })
  }
}
