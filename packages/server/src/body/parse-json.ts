import { HeadwayError } from '@headway/core'
import { isDeeperThan, MAX_JSON_DEPTH } from '@headway/protocol'
import type { Json } from '@headway/protocol'
import { findSyntaxError } from './find-syntax-error.js'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * @throws HeadwayError INVALID_JSON that says where the mistake is, or that the value is nested deeper than `MAX_JSON_DEPTH`
 */
export function parseJson(bytes: Uint8Array, emptyAs?: string): Json {
  const text = decode(bytes)
  if (text.trim() === '') {
    if (emptyAs === undefined) throw new HeadwayError('INVALID_JSON', 'The body is empty; JSON was expected.')
    return JSON.parse(emptyAs) as Json
  }
  const value = parsed(text)
  if (isDeeperThan(MAX_JSON_DEPTH, value)) {
    throw new HeadwayError(
      'INVALID_JSON',
      `The body is nested too deeply: at most ${MAX_JSON_DEPTH} arrays and objects may stand in each other.`,
    )
  }
  return value
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch {
    throw new HeadwayError('INVALID_JSON', whereItEnds(text))
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new HeadwayError('INVALID_JSON', 'The body is not valid UTF-8.')
  }
}

/** Says the place, never what stands there: it may be a secret. */
function whereItEnds(text: string): string {
  const before = text.slice(0, findSyntaxError(text)).split('\n')
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`
  return `The body is not JSON: see ${place}.`
}
