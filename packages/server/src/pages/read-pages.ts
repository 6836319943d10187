import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Logger } from 'pino'

/** In the pages' `index.html`: a nonce that is new for each answer takes its place. */
export const NONCE_PLACEHOLDER = '__CSP_NONCE__'

/** All files of a build together, in bytes: they are held in memory. */
const MAX_BYTES = 32 * 1024 * 1024

/** How a file may lie there in addition, packed: the better one first. */
const PACKED = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const
export type Encoding = (typeof PACKED)[number]['encoding'] | 'identity'

/** A file in one encoding. */
export interface Representation {
  readonly encoding: Encoding
  readonly bytes: Uint8Array<ArrayBuffer>
  /** With its quotes. */
  readonly etag: string
}

/** Pages that were built: an `index.html` and the files in `assets`. */
export interface Pages {
  readonly index: string
  /** By file name; the best packed representation first, the plain one last. */
  readonly assets: ReadonlyMap<string, readonly Representation[]>
}

/**
 * Reads all of a build's folder, once: what is served can then be nothing else, whatever a path says, and does not change under a page that
 * is being loaded.
 *
 * @throws Error when there is no `index.html` or the folder has more than 32 MiB
 */
function readPages(folder: string): Pages {
  const index = readFileSync(join(folder, 'index.html'), 'utf8')
  const files = readAssets(join(folder, 'assets'))
  const assets = new Map<string, readonly Representation[]>()
  for (const [name, bytes] of files) {
    const of = PACKED.find(({ ending }) => name.endsWith(ending) && files.has(name.slice(0, -ending.length)))
    if (of !== undefined) continue
    const packed = PACKED.flatMap(({ encoding, ending }) => {
      const smaller = files.get(name + ending)
      return smaller === undefined ? [] : [representation(encoding, smaller)]
    })
    assets.set(name, [...packed, representation('identity', bytes)])
  }
  return { index, assets }
}

/** The pages; none where they can not be read, which is told in the log: the rest of the server does not need them. */
export function readPagesIfGood(folder: string, log: Logger): Pages | undefined {
  try {
    return readPages(folder)
  } catch (error) {
    log.error({ err: error, folder }, 'the pages can not be read and are not served')
    return undefined
  }
}

function readAssets(folder: string): ReadonlyMap<string, Uint8Array<ArrayBuffer>> {
  const files = new Map<string, Uint8Array<ArrayBuffer>>()
  let size = 0
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = new Uint8Array(readFileSync(join(folder, entry.name)))
    size += bytes.length
    if (size > MAX_BYTES)
      throw new Error(`The pages in ${folder} have more than ${MAX_BYTES} bytes. Remove the folder and build them anew.`)
    files.set(entry.name, bytes)
  }
  return files
}

function representation(encoding: Encoding, bytes: Uint8Array<ArrayBuffer>): Representation {
  return { encoding, bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` }
}
