import { isSpace } from './white-space.js'

const HASH = 35
const PERCENT = 37
const SPACE = 32

/** Digits, `a` to `f`, `.`, `:`, `[` and `]`: what an address of a hosts rule consists of, upper case not included. */
const ADDRESS = table('0123456789abcdef.:[]')
/** What a zone (`%eth0`) consists of. */
const ZONE = table('0123456789abcdefghijklmnopqrstuvwxyz')

function table(characters: string): Uint8Array {
  const found = new Uint8Array(128)
  for (const character of characters) found[character.charCodeAt(0)] = 1
  return found
}

function skip(line: string, from: number, allowed: Uint8Array): number {
  let at = from
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (code > 127 || allowed[code] === 0) break
  }
  return at
}

/**
 * Where the names of a hosts rule begin: after an address at column 0 (a zone allowed) and white space. -1 when the line is no hosts rule.
 * Addresses are not checked: the reference takes `0 a.com` and `abc def.com` too.
 */
export function hostsNamesStart(line: string): number {
  const start = addressEnd(line)
  if (start === -1) return -1
  // The names, of which nothing but white space may be there, need one character of their own before a comment.
  const isFilled = (start < line.length && line.charCodeAt(start) !== HASH) || isSpace(line.charCodeAt(start - 2))
  return isFilled && endsInOneLine(line, start) ? start : -1
}

/** Where what follows an address at column 0 and white space begins; -1 without them. */
export function addressEnd(line: string): number {
  let at = skip(line, 0, ADDRESS)
  if (at === 0) return -1
  if (line.charCodeAt(at) === PERCENT) {
    const zone = at + 1
    at = skip(line, zone, ZONE)
    if (at === zone) return -1
  }
  if (at >= line.length || !isSpace(line.charCodeAt(at))) return -1
  at++
  while (at < line.length && isSpace(line.charCodeAt(at))) at++
  return at
}

/** The comment of a hosts rule may not hold a Unicode line separator: the reference then takes the line for something else. */
function endsInOneLine(line: string, from: number): boolean {
  const comment = line.indexOf('#', from)
  return comment === -1 || (line.indexOf('\u2028', comment) === -1 && line.indexOf('\u2029', comment) === -1)
}

/** True for an address and names, whether or not the names are any good. */
export function isHostsRule(line: string): boolean {
  return hostsNamesStart(line) !== -1
}

/** Calls `each` with where every name of a hosts rule whose names begin at `start` begins and ends, until it gives false. */
export function everyHostsName(line: string, start: number, each: (line: string, from: number, to: number) => boolean): boolean {
  const { length } = line
  let at = start
  while (at < length) {
    const from = at
    let code = 0
    for (; at < length; at++) {
      code = line.charCodeAt(at)
      if (code > SPACE && code < 128 && code !== HASH) continue
      if (code === HASH || isSpace(code)) break
    }
    if (at > from && !each(line, from, at)) return false
    if (code === HASH) break
    at++
  }
  return true
}

/** False for a hosts rule with a comment or nothing where its names should be. */
export function hasHostsName(line: string, start: number): boolean {
  return start < line.length && line.charCodeAt(start) !== HASH
}
