import { MANIFEST_FILE } from '../manifest.mjs'

/**
 * @typedef {{ path: string, why: 'size' | 'hash' | 'type' | 'unreadable' | 'pointer', text: string, expected?: number | string, actual?: number | string }} Changed
 * @typedef {{ missing: string[], changed: Changed[], stray: string[] }} Problems sorted by path
 */

/**
 * What differs between a manifest and the files that it describes: every content is read.
 *
 * @param {import('../storage/open-storage.mjs').Storage} storage
 * @param {string} prefix where the files are
 * @param {import('../manifest.mjs').Manifest} manifest
 * @param {{ rate?: number, signal?: AbortSignal, onProgress: (fraction: number, message: string) => void }} how
 * @returns {Promise<Problems>}
 */
export async function compare(storage, prefix, { files, totalBytes }, { rate, signal, onProgress }) {
  const present = (await storage.list(prefix)).map(({ path }) => path)
  const there = new Set(present)
  const listed = new Set(files.map(({ path }) => path))
  /** @type {string[]} */
  const missing = []
  const changed = []
  const stray = present.filter((path) => !listed.has(path) && path !== MANIFEST_FILE)
  const toHash = []
  for (const file of files) {
    // What the list does not have is not there, or lies behind a link, which would lead out of the tree.
    if (there.has(file.path)) toHash.push(file)
    else missing.push(file.path)
  }
  let doneFiles = 0
  let doneBytes = 0
  const onFile = (index, facts) => {
    const file = toHash[index]
    doneFiles += 1
    doneBytes += file.size
    onProgress(totalBytes === 0 ? 1 : doneBytes / totalBytes, `${doneFiles} of ${toHash.length} files`)
    if (facts.trouble === 'missing') missing.push(file.path)
    else {
      const problem = problemOf(file, facts)
      if (problem !== undefined) changed.push({ path: file.path, ...problem })
    }
  }
  await storage.hash(prefix, toHash, onFile, { rate, signal })
  return { missing: missing.toSorted(), changed: changed.sort((a, b) => (a.path < b.path ? -1 : 1)), stray }
}

function problemOf(file, facts) {
  if (facts.trouble === 'other') return { why: 'type', text: 'no regular file' }
  if (facts.trouble !== undefined) return { why: 'unreadable', text: `can't be read: ${facts.trouble}` }
  if (facts.size !== file.size) {
    return { why: 'size', text: `${facts.size} bytes instead of ${file.size}`, expected: file.size, actual: facts.size }
  }
  if (facts.sha256 !== file.sha256) return { why: 'hash', text: 'another content', expected: file.sha256, actual: facts.sha256 }
  return undefined
}
