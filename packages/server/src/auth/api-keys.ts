import { createHash, timingSafeEqual } from 'node:crypto'
import type { Principal, Role } from './principal.js'

/** A key as it is configured: itself, or the SHA-256 of it in hex. */
export type ApiKeyOptions = { readonly name: string; readonly roles: readonly Role[] } & (
  | { readonly key: string }
  | { readonly sha256: string }
)

/** Longer ones are not even hashed. */
const MAX_KEY_LENGTH = 512

/** The API keys of a server. Only their hashes are kept. */
export class ApiKeys {
  readonly #keys: readonly { readonly hash: Buffer; readonly principal: Principal & { kind: 'key' } }[]

  /** @throws Error when a hash is not SHA-256 in hex, or two keys have one name */
  constructor(keys: readonly ApiKeyOptions[]) {
    const names = new Set<string>()
    this.#keys = keys.map((key) => {
      if (names.has(key.name)) throw new Error(`Two API keys are named "${key.name}".`)
      names.add(key.name)
      const hash = 'key' in key ? sha256(key.key) : hashFromHex(key.name, key.sha256)
      return { hash, principal: { kind: 'key', id: `key:${key.name}`, name: key.name, roles: [...key.roles] } }
    })
  }

  /** Whose key this is. Takes the same time for every key that is wrong. */
  find(presented: string): (Principal & { kind: 'key' }) | undefined {
    if (presented.length > MAX_KEY_LENGTH) return undefined
    const hash = sha256(presented)
    let found: (Principal & { kind: 'key' }) | undefined
    for (const key of this.#keys) {
      if (timingSafeEqual(hash, key.hash)) found = key.principal
    }
    return found
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function hashFromHex(name: string, hex: string): Buffer {
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) throw new Error(`The hash of API key "${name}" is not SHA-256 in hex (64 digits).`)
  return Buffer.from(hex, 'hex')
}
