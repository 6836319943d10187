import type { KeyValueEntry, KeyValueStore } from '@headway/core'
import type { Json } from '@headway/protocol'
import { checkIncrement, checkKey, encodeValue, notANumber } from '@headway/store-kit'
import type { Reader } from './reader.js'
import type { Writer } from './writer.js'

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
    const text = encodeValue(key, value)
    const { ttlMs = null, ifVersion = null } = options
    return (await this.#writer.write('kvSet', key.length + text.length, () => ({ key, value: text, ttlMs, ifVersion }))) ?? undefined
  }

  async increment(
    key: string,
    by: number,
    options: { readonly ttlMs?: number } = {},
  ): Promise<{ readonly value: number; readonly expiresAt: number | undefined }> {
    checkIncrement(key, by)
    const sum = await this.#writer.write('kvIncrement', key.length, () => ({ key, by, ttlMs: options.ttlMs ?? null }))
    if (sum === null) throw notANumber(key)
    return { value: sum.value, expiresAt: sum.expiresAt ?? undefined }
  }

  async delete(key: string): Promise<boolean> {
    return this.#writer.write('kvDelete', key.length, () => key)
  }

  async keys(prefix: string, limit: number): Promise<readonly string[]> {
    return this.#reader.read('kvKeys', { prefix, limit })
  }
}
