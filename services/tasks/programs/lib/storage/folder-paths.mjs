import { lstatSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Failure } from '../command-line.mjs'

/**
 * Makes folders below a root, and makes sure that no part of them is a link, which could lead out of it.
 *
 * @param {string} root
 * @param {Iterable<string>} paths relative, with `/`
 * @throws {Failure} when something else than a folder is in the way
 */
export function makeFolders(root, paths) {
  mkdirSync(root, { recursive: true })
  const sure = new Set(['.', ''])
  const make = (path) => {
    if (sure.has(path)) return
    make(dirname(path))
    const full = join(root, path)
    if (!isFolder(full)) mkdirSync(full)
    sure.add(path)
  }
  for (const path of paths) make(path)
}

/**
 * Whether there is a folder, reached without links below the root.
 *
 * @throws {Failure} when something else is in its place
 */
export function isSafeFolder(root, path) {
  const parts = path === '' ? [] : path.split('/')
  return parts.every((_, index) => isFolder(join(root, ...parts.slice(0, index + 1))))
}

function isFolder(full) {
  const stats = lstatSync(full, { throwIfNoEntry: false })
  if (stats === undefined) return false
  if (stats.isSymbolicLink()) throw new Failure(`${full} is a link, which may lead out of the target. Remove it and run this again.`)
  if (!stats.isDirectory()) throw new Failure(`${full} is no folder, but one must be there. Remove it and run this again.`)
  return true
}
