import type { Readable } from 'node:stream'
import { isDeeperThan } from '@headway/protocol'
import { nonsense } from '../provider-error.js'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** So many arrays and objects may stand in each other: no provider needs more than ten. */
const MAX_DEPTH = 50
const JSON_TYPE = /^(?:application|text)\/(?:[\w.-]+\+)?json\b/i

/**
 * Reads a body as JSON, at most `maxBytes` of it.
 *
 * @param name who sent it
 * @throws ProviderError when it is no JSON or too large; what the stream throws
 */
export async function readJson(name: string, headers: Headers, body: Readable, maxBytes: number): Promise<unknown> {
  const bytes = await readBytes(name, headers, body, maxBytes)
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw nonsense(name, 'an answer that is not JSON, though it says so')
  }
  if (isDeeperThan(MAX_DEPTH, value)) throw nonsense(name, 'JSON that is nested too deeply')
  return value
}

async function readBytes(name: string, headers: Headers, body: Readable, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    if (!JSON_TYPE.test(String(headers['content-type']))) throw nonsense(name, 'something else than JSON')
    // None was asked for.
    if (!/^(?:identity)?$/i.test(String(headers['content-encoding'] ?? ''))) throw nonsense(name, 'compressed data')
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > maxBytes) throw nonsense(name, `more than ${String(maxBytes)} bytes`)
      chunks.push(chunk)
    }
  } finally {
    body.on('error', () => undefined).destroy()
  }
  return Buffer.concat(chunks)
}
