import { HeadwayError } from '@headway/core'
import type { Json } from '@headway/protocol'

const utf8 = new TextDecoder('utf-8', { fatal: true })

/**
 * @throws HeadwayError INVALID_JSON that says where the mistake is, as far as the parser knows
 */
export function parseJson(bytes: Uint8Array, emptyAs?: string): Json {
  const text = decode(bytes)
  if (text.trim() === '') {
    if (emptyAs === undefined) throw new HeadwayError('INVALID_JSON', 'The body is empty; JSON was expected.')
    return JSON.parse(emptyAs) as Json
  }
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new HeadwayError('INVALID_JSON', describe(error, text))
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new HeadwayError('INVALID_JSON', 'The body is not valid UTF-8.')
  }
}

/** The parser's own words hold pieces of the body, which may be a secret: only the position is taken over. */
function describe(error: unknown, text: string): string {
  const position = error instanceof SyntaxError ? /at position (\d+)/.exec(error.message)?.[1] : undefined
  if (position === undefined) return 'The body is not JSON: it ends too early or has a character that JSON does not allow.'
  const before = text.slice(0, Number(position)).split('\n')
  return `The body is not JSON: line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}.`
}
