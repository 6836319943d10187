import { constants } from 'node:fs'
import { open, realpath, type FileHandle } from 'node:fs/promises'
import { isAbsolute, relative, resolve, sep } from 'node:path'
import type { Loaded } from '../compiler/types.js'
import { HEAD_BYTES, notAList } from './body/recognise.js'
import { notText, tooLarge } from './body/read-body.js'
import { DownloadError } from './errors.js'
import { hashWholeFile, readWholeFile } from './read-whole-file.js'
import type { Checked } from './ways.js'

/** What local paths may lead to. */
interface LocalRules {
  /** Undefined: nothing. */
  readonly localFolder?: string
  /** In bytes. */
  readonly maxExpandedBytes: number
}

/**
 * Reads a local source. It must be a plain file that really is in the folder, whatever links lead to it.
 *
 * @param path absolute, or relative to the folder
 * @throws DownloadError LOCAL_PATH_REFUSED, SOURCE_NOT_FOUND, SOURCE_TOO_LARGE, SOURCE_NOT_TEXT; the signal's reason
 */
export async function loadLocalFile(path: string, rules: LocalRules, signal: AbortSignal): Promise<Loaded> {
  return withLocalFile(path, rules, async (file, size) => {
    const content = await readWholeFile(file, size, signal)
    assertList(content.bytes.subarray(0, HEAD_BYTES))
    return content
  })
}

/** Tells what a local source is without holding it in memory. Refuses what `loadLocalFile` refuses. */
export async function checkLocalFile(path: string, rules: LocalRules, signal: AbortSignal): Promise<Checked> {
  return withLocalFile(path, rules, async (file, size) => {
    const { sha256, head } = await hashWholeFile(file, size, signal)
    assertList(head)
    return { sha256 }
  })
}

function assertList(head: Uint8Array): void {
  const other = notAList(head.subarray(0, HEAD_BYTES))
  if (other !== undefined) throw notText(other)
}

async function withLocalFile<T>(
  path: string,
  { localFolder, maxExpandedBytes }: LocalRules,
  use: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  if (localFolder === undefined) throw refused('Local paths are not allowed here. Give a URL with http or https.')
  if (path.includes('\0')) throw refused('A path must not contain a NUL character.')
  const wanted = resolve(localFolder, path)
  if (!isInside(resolve(localFolder), wanted)) throw outside()
  const file = await openInside(localFolder, wanted)
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw refused('The path leads to something that is no file.')
    if (facts.size > maxExpandedBytes) throw tooLarge(maxExpandedBytes, false)
    return await use(file, facts.size)
  } finally {
    await file.close()
  }
}

async function openInside(folder: string, wanted: string): Promise<FileHandle> {
  try {
    const [root, real] = await Promise.all([realpath(folder), realpath(wanted)])
    if (!isInside(root, real)) throw outside()
    // Not through a link put there in between, and not waiting for the writer of a pipe.
    const file = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    if ((await realpath(wanted)) === real) return file
    await file.close()
    throw outside()
  } catch (error) {
    if (error instanceof DownloadError) throw error
    throw new DownloadError('SOURCE_NOT_FOUND', 'The file does not exist or cannot be read.')
  }
}

function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

function outside(): DownloadError {
  return refused('The path leads out of the folder that local sources must be in.')
}

function refused(message: string): DownloadError {
  return new DownloadError('LOCAL_PATH_REFUSED', message)
}
