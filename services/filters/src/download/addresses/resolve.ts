import { lookup as systemLookup } from 'node:dns/promises'

/** One address of a name. */
export interface ResolvedAddress {
  readonly address: string
  readonly family: 4 | 6
}

/** Gives every address of a name; rejects with an error that has a `code` (`ENOTFOUND`, `EAI_AGAIN`). */
export type Resolve = (hostname: string) => Promise<readonly ResolvedAddress[]>

/** The system's own way to resolve names, its hosts file included. */
export const systemResolve: Resolve = async (hostname) => {
  const found = await systemLookup(hostname, { all: true, order: 'verbatim' })
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))
}
