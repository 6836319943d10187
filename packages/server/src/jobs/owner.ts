import type { ServerKey } from '@headway/core'

/** Of the hash of an address, so many characters are enough. */
const OWNER_CHARACTERS = 32

/**
 * Whose a job is that was made without an API key: what stands for the address in its input. It tells no address: without the key of the
 * server nobody can try them all.
 *
 * @returns undefined for holders of API keys, who share what is theirs
 */
export function ownerOf(principal: { readonly kind: 'key' | 'anonymous' }, ip: string, key: ServerKey): string | undefined {
  return principal.kind === 'key' ? undefined : key.hash('owner', ip).slice(0, OWNER_CHARACTERS)
}
