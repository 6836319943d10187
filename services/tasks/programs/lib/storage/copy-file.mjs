import { constants, copyFileSync, linkSync, lstatSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hashFile } from '../hash-file.mjs'
import { newPartName } from './part-name.mjs'

/** Whether files can share their blocks here; found out with the first one. */
let canClone = true

/**
 * @typedef {{ source: string, target: string, size: number, sha256: string, reuse?: string }} CopyWish absolute paths; `reuse`: a file on the
 *   target's own file system that should have the same content
 * @typedef {{ how: 'copied' | 'reused' } | { lie: string } | { error: { code: string, message: string } }} CopyOutcome `lie`: why the source is
 *   not what its manifest says
 */

/**
 * Puts one file in its place: beside it first, and renamed only when its content is what it should be.
 *
 * @param {CopyWish} wish
 * @returns {CopyOutcome}
 */
export function copyFile({ source, target, size, sha256, reuse }) {
  const part = join(dirname(target), newPartName())
  try {
    if (reuse !== undefined && takeFrom(reuse, part, size, sha256)) {
      renameSync(part, target)
      return { how: 'reused' }
    }
    const lie = copyVerified(source, part, size, sha256)
    if (lie === undefined) renameSync(part, target)
    else rmSync(part, { force: true })
    return lie === undefined ? { how: 'copied' } : { lie }
  } catch (error) {
    removeQuietly(part)
    return { error: { code: error.code ?? 'unknown', message: error.message } }
  }
}

/** A second name or a clone of a file, when it is what it should be. */
function takeFrom(reuse, part, size, sha256) {
  const facts = hashFile(reuse, size)
  if (facts.size !== size || facts.sha256 !== sha256) return false
  if (canClone) {
    try {
      copyFileSync(reuse, part, constants.COPYFILE_FICLONE_FORCE | constants.COPYFILE_EXCL)
      return true
    } catch {
      removeQuietly(part)
      canClone = false
    }
  }
  try {
    linkSync(reuse, part)
    return true
  } catch {
    // Other file systems have no links, or no more for this file: it is copied.
    return false
  }
}

/**
 * Copies a file, and reads back what was written: only that counts.
 *
 * @returns why the source is not what it should be
 * @throws when the target does not take it, or gives back something else
 */
function copyVerified(source, part, size, sha256) {
  const stats = lstatSync(source, { throwIfNoEntry: false })
  if (stats === undefined) return 'is missing'
  if (!stats.isFile()) return 'is no regular file'
  if (stats.size !== size) return `has ${stats.size} bytes instead of ${size}`
  copyFileSync(source, part, constants.COPYFILE_EXCL)
  if (hashFile(part, size).sha256 === sha256) return undefined
  const facts = hashFile(source, size)
  if (facts.trouble !== undefined) return `can't be read: ${facts.trouble}`
  if (facts.sha256 !== sha256) return 'has another content than its manifest says'
  throw new Error(`what was written for ${source} reads differently`)
}

function removeQuietly(path) {
  try {
    rmSync(path, { force: true })
  } catch {
    // What can't be removed now is found by its name later.
  }
}
