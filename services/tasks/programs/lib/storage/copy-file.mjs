import { chmodSync, constants, copyFileSync, linkSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hashFile, lookAtFile } from '../hash-file.mjs'
import { lieOf } from './lie.mjs'
import { newPartName } from './part-name.mjs'

/** The mode of what is published: copying would give a file the one of its source, which web servers may not be able to read. */
const FILE_MODE = 0o644 & ~process.umask()

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
    const lie = copyVerified(source, part, { size, sha256 })
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
      chmodSync(part, FILE_MODE)
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
function copyVerified(source, part, expected) {
  const seen = lookAtFile(source)
  if (seen.size !== expected.size) return lieOf(seen, expected)
  try {
    copyFileSync(source, part, constants.COPYFILE_EXCL)
  } catch (error) {
    // The system does not say which of the two it was.
    const facts = hashFile(source, expected.size)
    if (facts.trouble !== undefined) return lieOf(facts, expected)
    throw error
  }
  if (hashFile(part, expected.size).sha256 === expected.sha256) {
    chmodSync(part, FILE_MODE)
    return undefined
  }
  const lie = lieOf(hashFile(source, expected.size), expected)
  if (lie !== undefined) return lie
  throw new Error(`what was written for ${source} reads differently`)
}

function removeQuietly(path) {
  try {
    rmSync(path, { force: true })
  } catch {
    // What can't be removed now is found by its name later.
  }
}
