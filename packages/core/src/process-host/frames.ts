/**
 * The language between a server and its process host: binary frames over a pair of pipes.
 *
 * A frame is a header of 9 bytes (length of the payload and number of the child, both 32 bit little-endian, the kind between them)
 * and its payload. Output travels as it is; rare messages are JSON.
 */

/** What a server says to its host. */
export const TO_HOST = {
  /** JSON `StartMessage`. */
  start: 1,
  /** 32 bit: so much of the child's output was read. */
  credit: 2,
  /** 32 bit: the grace in milliseconds. */
  stop: 3,
  suspend: 4,
  resume: 5,
  /** JSON `ExtendMessage`. */
  extend: 6,
  /** JSON `KillMessage`; answered by `killed` with the same child number. */
  kill: 7,
} as const

/** What a host says to its server. */
export const FROM_HOST = {
  /** 32 bit: the process id. */
  started: 1,
  /** JSON `StartFailure`. */
  startFailed: 2,
  stdout: 3,
  stderr: 4,
  /** JSON `ScriptExit`. */
  exit: 5,
  /** All output was sent. */
  end: 6,
  killed: 7,
} as const

export interface StartMessage {
  readonly run: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
  readonly pty: boolean
  readonly leaseMs: number
}

export interface StartFailure {
  readonly code: string
  readonly message: string
}

export interface ExtendMessage {
  readonly runs: readonly string[]
  readonly leaseMs: number
}

export interface KillMessage {
  readonly run: string
}

/** How much of one child's output may be on its way or wait in the server, in bytes. */
export const OUTPUT_WINDOW_BYTES = 256 * 1024

/** The largest payload, in bytes: far over what any system takes as arguments and environment (2 MiB on Linux). */
export const MAX_PAYLOAD_BYTES = 32 * 1024 * 1024

/** What a piece of output costs of the window, in bytes: tiny pieces cost more than their size, so that their number is bounded, too. */
export function outputCost(bytes: number): number {
  return Math.max(bytes, 256)
}

const HEADER_BYTES = 9

export interface Frame {
  readonly kind: number
  readonly child: number
  readonly payload: Buffer
}

/** The header alone, for a payload that is written after it. */
export function frameHeader(kind: number, child: number, payloadBytes: number): Buffer {
  const header = Buffer.allocUnsafe(HEADER_BYTES)
  header.writeUInt32LE(payloadBytes, 0)
  header.writeUInt8(kind, 4)
  header.writeUInt32LE(child, 5)
  return header
}

export function emptyFrame(kind: number, child: number): Buffer {
  return frameHeader(kind, child, 0)
}

export function numberFrame(kind: number, child: number, value: number): Buffer {
  const payload = Buffer.allocUnsafe(4)
  payload.writeUInt32LE(value)
  return Buffer.concat([frameHeader(kind, child, 4), payload])
}

export function jsonFrame(kind: number, child: number, value: object): Buffer {
  const payload = Buffer.from(JSON.stringify(value))
  return Buffer.concat([frameHeader(kind, child, payload.length), payload])
}

/** Cuts a stream of bytes into frames. */
export class FrameReader {
  #chunks: Buffer[] = []
  #have = 0
  #need = HEADER_BYTES

  /**
   * Takes the next bytes and gives every frame that is complete now.
   *
   * @throws RangeError when a frame is too large: the other side speaks another language
   */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk)
    this.#have += chunk.length
    if (this.#have < this.#need) return []
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#have)
    const frames: Frame[] = []
    let at = 0
    this.#need = HEADER_BYTES
    while (bytes.length - at >= HEADER_BYTES) {
      const size = bytes.readUInt32LE(at)
      if (size > MAX_PAYLOAD_BYTES) throw new RangeError(`A frame of ${size} bytes is over the limit of ${MAX_PAYLOAD_BYTES}.`)
      const end = at + HEADER_BYTES + size
      if (end > bytes.length) {
        this.#need = HEADER_BYTES + size
        break
      }
      frames.push({ kind: bytes.readUInt8(at + 4), child: bytes.readUInt32LE(at + 5), payload: bytes.subarray(at + HEADER_BYTES, end) })
      at = end
    }
    this.#chunks = at < bytes.length ? [bytes.subarray(at)] : []
    this.#have = bytes.length - at
    return frames
  }
}
