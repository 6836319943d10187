import { posix } from 'node:path'
import { isUrl } from '../../download/is-url.js'
import { sanitizeUrl } from '../../download/sanitize-url.js'
import { CompileError } from '../compile-error.js'
import { isDirective } from './lines.js'
import { addressOf } from './source-name.js'
import type { SourceAddress } from './source-name.js'

const DIRECTIVE = '!#include'
const DIFF_PATH = '! Diff-Path:'
/** In so many first lines of an include `! Diff-Path:` is looked for. */
const DIFF_PATH_LINES = 50

/** What an `!#include` names; undefined for any other line. */
export function includedName(line: string): string | undefined {
  return isDirective(line) && line.startsWith(DIRECTIVE) ? line.slice(DIRECTIVE.length).trim() : undefined
}

/**
 * The source that an `!#include` in `base` means: relative to it, and for URLs at the same origin.
 *
 * @throws CompileError INCLUDE_OTHER_ORIGIN, INVALID_DIRECTIVE
 */
export function resolveInclude(name: string, base: SourceAddress): SourceAddress {
  if (name === '') throw new CompileError('INVALID_DIRECTIVE', `In ${base.shown} an !#include names nothing.`)
  const from = urlOf(base.given)
  if (from === undefined) return addressOf(posix.join(posix.dirname(base.given.replaceAll('\\', '/')), name))
  const directive = `In ${base.shown} the !#include of "${sanitizeUrl(name)}"`
  // What is thrown for a bad address has both texts in it, with their secrets.
  if (!URL.canParse(name, from.href)) throw new CompileError('INVALID_DIRECTIVE', `${directive} is no address.`)
  const url = new URL(name, from)
  if (url.origin !== from.origin) {
    throw new CompileError('INCLUDE_OTHER_ORIGIN', `${directive} is at another origin; only files beside the list can be included.`)
  }
  return addressOf(url.href)
}

/** The URL that includes are relative to; undefined for paths and other names of pre-fetched texts. */
function urlOf(base: string): URL | undefined {
  if (!isUrl(base) || !URL.canParse(base)) return undefined
  const url = new URL(base)
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined
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
