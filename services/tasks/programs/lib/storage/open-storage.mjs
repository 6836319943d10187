import { FolderStorage } from './folder.mjs'

/**
 * Where files are, a folder or a bucket. Paths are relative to the place, with `/`; a prefix is such a path of a folder, without a slash at its end.
 *
 * @typedef {object} Storage
 * @property {string} shown the place, for people
 * @property {boolean} isFolder
 * @property {(path: string) => string} show a path, for people
 * @property {(path: string, maxBytes: number) => Promise<Buffer | undefined>} read a small file; undefined where there is none
 * @property {(path: string, bytes: Uint8Array | string, how?: { durable?: boolean }) => Promise<void>} write a small file, at once as a whole, and
 *   unless told otherwise wait until it would outlast a loss of power
 * @property {(path: string) => Promise<void>} remove a file that may be gone
 * @property {(prefix: string) => Promise<{ path: string, size: number, modifiedMs: number }[]>} list everything below, sorted, relative to the
 *   prefix; what is no regular file has the size -1; times are those of the place's own clock
 * @property {Compare} survey tells which files there are what they should be, as cheaply as it can be done honestly
 * @property {Compare} hash the same by reading every content
 * @property {Put} put files in their places, each at once as a whole; what was written is read back and must be what the manifest says
 * @property {(prefix: string, how: { deep: boolean }) => Promise<void>} clear away what broken-off writing has left right there, or, `deep`,
 *   anywhere below
 * @property {(prefix: string, paths: string[]) => Promise<void>} removeAll files; those that are gone are no error
 * @property {() => Promise<boolean>} flush waits until what was put is durable; whether that could be done
 *
 * @typedef {{ rate?: number, threads?: number, signal?: AbortSignal }} How `threads`: how much is done at a time
 * @typedef {(prefix: string, files: { path: string, size: number }[],
 *   onFile: (index: number, facts: import('../hash-file.mjs').FileFacts) => void, how?: How) => Promise<void>} Compare
 * @typedef {(prefix: string, files: { path: string, size: number, sha256: string, reuse?: string }[],
 *   onFile: (index: number, outcome: { how: 'copied' | 'reused' } | { lie: string }) => void, how: PutHow) => Promise<void>} Put
 *   `reuse` is the path of a file in this storage that should have the same content; throws a Failure where the place does not take them
 * @typedef {How & { source: string, keepStray: boolean, reserved: string[], flush: boolean }} PutHow `source` is the folder with the files. What
 *   stands where one of them, or of the `reserved` paths, has to be, goes, unless it is `keepStray` and not empty. `flush`: the disk begins to
 *   write early, because it will be waited for
 */

/**
 * Opens a place. The client for S3 is loaded only when it is needed.
 *
 * @param {import('../places.mjs').Place} place
 * @returns {Promise<Storage>}
 */
export async function openStorage(place) {
  if (place.kind === 'folder') return new FolderStorage(place.path)
  const { openS3Storage } = await import('./s3.mjs')
  return openS3Storage(place)
}
