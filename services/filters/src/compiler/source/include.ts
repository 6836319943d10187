import { posix } from 'node:path'
import { CompileError } from '../compile-error.js'

const DIRECTIVE = '!#include'
const DIFF_PATH = '! Diff-Path:'
/** In so many first lines of an include `! Diff-Path:` is looked for. */
const DIFF_PATH_LINES = 50

/** What an `!#include` names; undefined for any other line. */
export function includedName(line: string): string | undefined {
  return line.startsWith(DIRECTIVE) ? line.slice(DIRECTIVE.length).trim() : undefined
}

/** True for a source that is loaded over the network. */
export function isUrl(source: string): boolean {
  return /^https?:\/\//iu.test(source)
}

/**
 * The source that an `!#include` in `base` means: relative to it, and for URLs at the same origin.
 *
 * @throws CompileError INCLUDE_OTHER_ORIGIN, INVALID_DIRECTIVE
 */
export function resolveInclude(name: string, base: string): string {
  if (name === '') throw new CompileError('INVALID_DIRECTIVE', `In ${base} an !#include names nothing.`)
  if (!isUrl(base)) return posix.join(posix.dirname(base.replaceAll('\\', '/')), name)
  let url: URL
  try {
    url = new URL(name, base)
  } catch (cause) {
    throw new CompileError('INVALID_DIRECTIVE', `In ${base} the !#include of "${name}" is no address.`, { cause })
  }
  if (url.origin !== new URL(base).origin) {
    const message = `In ${base} the !#include of "${name}" is at another origin; only files beside the list can be included.`
    throw new CompileError('INCLUDE_OTHER_ORIGIN', message)
  }
  return url.href
}

/**
 * Drops `! Diff-Path:` from an include, whose patches are not for the list that includes it. Of two in a row the second stays, as in the
 * reference.
 */
export function dropDiffPath(lines: string[]): string[] {
  for (let i = 0; i < DIFF_PATH_LINES && i < lines.length; i++) {
    if (lines[i]?.trim().startsWith(DIFF_PATH) === true) lines.splice(i, 1)
  }
  return lines
}
