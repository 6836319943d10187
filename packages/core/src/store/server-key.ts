import { createHmac, randomBytes } from 'node:crypto'
import { canonicalJson } from '@headway/protocol'
import type { KeyValueStore } from './key-value-store.js'

const KEY_BYTES = 32

/** A key that all servers of one store share and nobody else has. Hashes with it tell what is alike, but can't be made or guessed outside. */
export class ServerKey {
  readonly #key: Buffer

  private constructor(key: Buffer) {
    this.#key = key
  }

  /** The key of a store under a name, `filters/key` for example; made where there is none. */
  static async open(store: Pick<KeyValueStore, 'get' | 'set'>, name: string): Promise<ServerKey> {
    await store.set(name, randomBytes(KEY_BYTES).toString('base64'), { ifVersion: 0 })
    const found = (await store.get(name))?.value
    if (typeof found !== 'string') throw new Error(`The store has no text under ${name}.`)
    return new ServerKey(Buffer.from(found, 'base64'))
  }

  /** HMAC-SHA256 in hex of a JSON value, the same whatever the order of its members. @param purpose hashes for different ones differ */
  hash(purpose: string, value: unknown): string {
    return createHmac('sha256', this.#key)
      .update(`${purpose}\n${canonicalJson(value)}`)
      .digest('hex')
  }
}
