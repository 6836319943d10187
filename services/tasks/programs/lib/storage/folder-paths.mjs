import { lstatSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from '../command-line.mjs'
import { parentOf } from '../paths.mjs'
import { walk } from '../walk.mjs'

/**
 * Makes folders below a root, and makes sure that no part of them is a link, which could lead out of it.
 *
 * @param {string} root
 * @param {Iterable<string>} paths relative, with `/`
 * @param {{ clearBelow?: string }} [how] `clearBelow`: a file below this folder, where a folder must be, is removed
 * @throws {Failure} when something else than a folder is in the way
 */
export function makeFolders(root, paths, { clearBelow } = {}) {
  makeRoot(root)
  const sure = new Set([''])
  const make = (path) => {
    if (sure.has(path)) return
    make(parentOf(path))
    const full = join(root, path)
    if (clearBelow !== undefined && path.startsWith(`${clearBelow}/`)) removeFile(full)
    if (!isFolder(root, full)) mkdirSync(full)
    sure.add(path)
  }
  for (const path of paths) make(path)
}

/** Level by level: where a parent takes no folders, as /proc, Node's own recursive mkdir tries for ever. */
function makeRoot(root) {
  const missing = []
  for (let folder = root; statSync(folder, { throwIfNoEntry: false }) === undefined; folder = dirname(folder)) missing.unshift(folder)
  try {
    for (const folder of missing) mkdirSync(folder)
  } catch (error) {
    if (error.code !== 'EEXIST') throw new Failure(`The folder ${root} can't be made: ${error.message}`)
  }
  if (!statSync(root).isDirectory()) throw new Failure(`${root} is no folder, but one must be there.`)
}

function removeFile(full) {
  const stats = lstatSync(full, { throwIfNoEntry: false })
  // A link may be somebody's intention; it is left to people.
  if (stats !== undefined && !stats.isDirectory() && !stats.isSymbolicLink()) rmSync(full)
}

/**
 * Removes a folder that stands where a file must be, with all that is in it; links in it are removed, not followed.
 *
 * @param {string} full a path that is reached without links
 * @param {boolean} keepStray only when there are no files in it
 * @throws {Failure} when there are
 */
export function removeFolder(full, keepStray) {
  if (lstatSync(full, { throwIfNoEntry: false })?.isDirectory() !== true) return
  if (keepStray && walk(full).length > 0) {
    throw new Failure(`${full} is a folder with files, but a file must be there. Without --keep-stray it is removed.`)
  }
  rmSync(full, { recursive: true })
}

/**
 * Whether there is a folder, reached without links below the root.
 *
 * @throws {Failure} when something else is in its place
 */
export function isSafeFolder(root, path) {
  const parts = path === '' ? [] : path.split('/')
  return parts.every((_, index) => isFolder(root, join(root, ...parts.slice(0, index + 1))))
}

function isFolder(root, full) {
  const stats = lstatSync(full, { throwIfNoEntry: false })
  if (stats === undefined) return false
  if (stats.isSymbolicLink()) throw new Failure(`${full} is a link, which may lead out of ${root}. Remove it and run this again.`)
  if (!stats.isDirectory()) throw new Failure(`${full} is no folder, but one must be there. Remove it and run this again.`)
  return true
}
