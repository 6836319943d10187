import { HeadwayError } from '@headway/core'
import type { KeyValueEntry, KeyValueStore } from '@headway/core'
import type { Json } from '@headway/protocol'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

/** In characters. */
const MAX_KEY_LENGTH = 512
/** Of a value's JSON text, in bytes. */
const MAX_VALUE_BYTES = 1024 * 1024

/** Small values in SQLite; see `KeyValueStore`. */
export class SqliteKeyValueStore implements KeyValueStore {
  readonly #writer: Writer
  readonly #reader: Reader

  constructor(writer: Writer, reader: Reader) {
    this.#writer = writer
    this.#reader = reader
  }

  async get(key: string): Promise<KeyValueEntry | undefined> {
    const entry = await this.#reader.read('kvGet', key)
    return entry === null ? undefined : { value: JSON.parse(entry.value) as Json, version: entry.version }
  }

  async set(key: string, value: Json, options: { readonly ttlMs?: number; readonly ifVersion?: number } = {}): Promise<number | undefined> {
    checkKey(key)
    const text = JSON.stringify(value)
    if (Buffer.byteLength(text) > MAX_VALUE_BYTES) {
      throw new HeadwayError('BODY_TOO_LARGE', `A stored value is at most ${MAX_VALUE_BYTES} bytes of JSON; the one of ${key} is larger.`)
    }
    const { ttlMs = null, ifVersion = null } = options
    return (await this.#writer.write('kvSet', key.length + text.length, () => ({ key, value: text, ttlMs, ifVersion }))) ?? undefined
  }

  async increment(
    key: string,
    by: number,
    options: { readonly ttlMs?: number } = {},
  ): Promise<{ readonly value: number; readonly expiresAt: number | undefined }> {
    checkKey(key)
    if (!Number.isFinite(by)) throw new HeadwayError('VALIDATION_ERROR', `${key} can't grow by ${by}.`)
    const sum = await this.#writer.write('kvIncrement', key.length, () => ({ key, by, ttlMs: options.ttlMs ?? null }))
    if (sum === null) throw new HeadwayError('VALIDATION_ERROR', `The value of ${key} is not a number.`)
    return { value: sum.value, expiresAt: sum.expiresAt ?? undefined }
  }

  async delete(key: string): Promise<boolean> {
    return this.#writer.write('kvDelete', key.length, () => key)
  }

  async keys(prefix: string, limit: number): Promise<readonly string[]> {
    return this.#reader.read('kvKeys', { prefix, limit })
  }
}

function checkKey(key: string): void {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new HeadwayError('VALIDATION_ERROR', `A key has 1 to ${MAX_KEY_LENGTH} characters; this one has ${key.length}.`)
  }
}
