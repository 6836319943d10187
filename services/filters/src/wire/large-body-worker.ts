import { parentPort, workerData } from 'node:worker_threads'
import { isDeeperThan, MAX_JSON_DEPTH } from '@headway/protocol'
import { isLargeContent, packTexts } from '../jobs/packed-texts.js'
import { MAX_BODY_REST_BYTES } from './large-body.js'
import type { ParsedBody } from './large-body.js'

/** The thread that parses one large body. */
const transfer: ArrayBuffer[] = []

function parse(bytes: Uint8Array): ParsedBody {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return { code: 'INVALID_JSON', message: 'The body is not JSON in UTF-8.' }
  }
  if (isDeeperThan(MAX_JSON_DEPTH, value)) {
    const message = `The body is nested too deeply: at most ${MAX_JSON_DEPTH} arrays and objects may stand in each other.`
    return { code: 'INVALID_JSON', message }
  }
  pack(value)
  if (isRecord(value) && Array.isArray(value['requests'])) for (const request of value['requests']) pack(request)
  const rest = JSON.stringify(value, (_key, member: unknown) => (member instanceof Uint8Array ? null : member))
  if (Buffer.byteLength(rest) > MAX_BODY_REST_BYTES) {
    const message = `Beside the texts of preFetchedContent a body may have at most ${MAX_BODY_REST_BYTES} bytes.`
    return { code: 'BODY_TOO_LARGE', message }
  }
  return { value }
}

/** Puts packed texts in the place of large ones. What is no text stays, for the check that follows. */
function pack(request: unknown): void {
  if (!isRecord(request)) return
  // Nobody outside says what is packed.
  delete request['packedContent']
  const texts = request['preFetchedContent']
  if (!isRecord(texts) || !areTexts(texts) || !isLargeContent(texts)) return
  const packed = packTexts(texts)
  transfer.push(packed.buffer)
  request['packedContent'] = packed
  delete request['preFetchedContent']
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function areTexts(texts: Record<string, unknown>): texts is Record<string, string> {
  return Object.values(texts).every((text) => typeof text === 'string')
}

const parsed = parse(workerData as Uint8Array)
parentPort?.postMessage(parsed, transfer)
