import { randomBytes, randomUUID } from 'node:crypto'
import type { Clock, KeyValueStore } from '@headway/core'
import { z } from 'zod'

export interface SigningKey {
  readonly kid: string
  readonly secret: Uint8Array
}

export interface SigningKeysOptions {
  readonly store: KeyValueStore
  readonly clock: Clock
  /** A new key is made when the newest is older than this. In milliseconds. */
  readonly rotateAfterMs: number
  /** No token lives longer; so long an old key is kept after the next one was made. In milliseconds. */
  readonly maxTokenMs: number
}

const STORE_KEY = 'auth/signing-keys'
const SECRET_BYTES = 32
/** A kid that is not known here may be new from another node; a flood of made-up ones reads the store only so often, all waiting for one look. */
const RELOAD_AT_MOST_EVERY_MS = 250
/** After so long what other nodes may have changed is read again. */
const CACHE_MS = 10 * 60_000
const MAX_TRIES = 10

const storedSchema = z.array(z.object({ kid: z.string(), secret: z.string(), createdAt: z.number() }))
type Stored = z.infer<typeof storedSchema>

/**
 * The keys that sign tokens, newest first, shared by all nodes through the store. A change is a compare-and-set, so that nodes which
 * rotate at the same moment end with the same keys.
 */
export class SigningKeys {
  readonly #options: SigningKeysOptions
  #keys: Stored = []
  #version = 0
  #loadedAt = Number.NEGATIVE_INFINITY
  #loading: Promise<void> | undefined
  #waiting: Promise<void> | undefined
  /** By the monotonic clock. */
  #readAt = Number.NEGATIVE_INFINITY

  constructor(options: SigningKeysOptions) {
    this.#options = options
  }

  /** The key to sign with. */
  async current(): Promise<SigningKey> {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (this.#age() > CACHE_MS) await this.#load()
      const newest = this.#keys[0]
      const now = this.#options.clock.now()
      if (newest !== undefined && now - newest.createdAt < this.#options.rotateAfterMs) return decode(newest)
      await this.#rotate(now)
    }
    throw new Error('The signing keys could not be rotated: other nodes kept changing them.')
  }

  /** The key that a token names. Undefined: it never was, or is so old that nothing it signed is valid. */
  async find(kid: string): Promise<SigningKey | undefined> {
    const known = this.#keys.find((key) => key.kid === kid)
    if (known !== undefined) return decode(known)
    await this.#loadSoon()
    const loaded = this.#keys.find((key) => key.kid === kid)
    return loaded === undefined ? undefined : decode(loaded)
  }

  /** Reads the keys again, as they are after this call. */
  async #loadSoon(): Promise<void> {
    // What is being read may have been asked for before the key was made.
    await this.#loading
    const wait = RELOAD_AT_MOST_EVERY_MS - (performance.now() - this.#readAt)
    if (wait > 0) await (this.#waiting ??= this.#pause(wait))
    await this.#load()
  }

  async #pause(ms: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, ms))
    this.#waiting = undefined
  }

  #age(): number {
    return this.#options.clock.now() - this.#loadedAt
  }

  #load(): Promise<void> {
    this.#loading ??= this.#read().finally(() => {
      this.#loading = undefined
    })
    return this.#loading
  }

  async #read(): Promise<void> {
    this.#readAt = performance.now()
    const entry = await this.#options.store.get(STORE_KEY)
    this.#keys = entry === undefined ? [] : storedSchema.parse(entry.value)
    this.#version = entry?.version ?? 0
    this.#loadedAt = this.#options.clock.now()
  }

  async #rotate(now: number): Promise<void> {
    const fresh = { kid: randomUUID(), secret: randomBytes(SECRET_BYTES).toString('base64url'), createdAt: now }
    // What a key signed just before the next one was made ends `maxTokenMs` after that.
    const needed = this.#keys.filter((_key, index) => {
      const next = this.#keys[index - 1] ?? fresh
      return now - next.createdAt < this.#options.maxTokenMs
    })
    const keys = [fresh, ...needed]
    const version = await this.#options.store.set(STORE_KEY, keys, { ifVersion: this.#version })
    if (version === undefined) {
      await this.#load()
      return
    }
    this.#keys = keys
    this.#version = version
    this.#loadedAt = now
  }
}

function decode(key: Stored[number]): SigningKey {
  return { kid: key.kid, secret: Buffer.from(key.secret, 'base64url') }
}
