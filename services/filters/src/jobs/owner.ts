import type { ServerKey } from '@headway/core'

/** Of the hash of an address, so many characters are enough. */
const OWNER_CHARACTERS = 32

/**
 * Whose previous lists a compilation is compared with. Holders of API keys share theirs, as they see each other's jobs anyway. Whoever came
 * without one sees only what came from the same address: a name alone must not open somebody else's list. An input tells no address: without
 * the key of the server nobody can try them all.
 *
 * @returns undefined for holders of API keys
 */
export function ownerOf(principal: { readonly kind: 'key' | 'anonymous' }, ip: string, key: ServerKey): string | undefined {
  return principal.kind === 'key' ? undefined : key.hash('owner', ip).slice(0, OWNER_CHARACTERS)
}

/** Among whom the compiler's threads are shared out: each address, and the holders of API keys together. @param owner see {@link ownerOf} */
export function sharerOf(owner: string | undefined): string {
  return owner ?? 'keys'
}
