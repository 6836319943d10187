import { createHash } from 'node:crypto'

/**
 * Whose previous lists a compilation is compared with. Holders of API keys share theirs, as they see each other's jobs anyway. Whoever came
 * without one sees only what came from the same address: a name alone must not open somebody else's list.
 *
 * @returns undefined for holders of API keys
 */
export function ownerOf(principal: { readonly kind: 'key' | 'anonymous' }, ip: string): string | undefined {
  return principal.kind === 'key' ? undefined : createHash('sha256').update(ip).digest('hex').slice(0, 32)
}

/** Among whom the compiler's threads are shared out: each address, and the holders of API keys together. @param owner see {@link ownerOf} */
export function sharerOf(owner: string | undefined): string {
  return owner ?? 'keys'
}
