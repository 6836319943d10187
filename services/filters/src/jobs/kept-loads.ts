import type { ServerKey } from '@headway/core'
import { z } from 'zod'
import type { Configuration } from '../compiler/index.js'
import type { NotedLoad } from './noted-loads.js'

/** What is kept on disk of something that was loaded. */
export const keptLoadSchema = z.object({
  /** A hash of its address. An address of the configuration is kept as no more than this: it may hold a secret, and whoever asks again sends it. */
  id: z.string(),
  /** Of an include: its address, without the user info that it has from its source. */
  include: z.string().optional(),
  /** The id of an address of the configuration that has this user info. */
  userInfoOf: z.string().optional(),
  /** Of its content. */
  sha256: z.string(),
})
export type KeptLoad = z.infer<typeof keptLoadSchema>

/** What was loaded, as it is kept. */
export function keptLoads(noted: readonly NotedLoad[], configuration: Configuration, key: ServerKey): KeptLoad[] {
  const configured = idsOf(configuration, key)
  const byAccess = new Map([...configured].flatMap(([id, address]) => accessOf(address).map((access) => [access, id])))
  const ids = new Map([...configured].map(([id, address]) => [address, id]))
  return noted.map(({ source, sha256 }) => {
    const id = ids.get(source)
    if (id !== undefined) return { id, sha256 }
    const include = { id: idOf(source, key), include: source, sha256 }
    const [userInfoOf] = accessOf(source).flatMap((access) => byAccess.get(access) ?? [])
    // User info that no address of the configuration has stands in the text of a list.
    return userInfoOf === undefined ? include : { ...include, include: withUserInfo(source, { username: '', password: '' }), userInfoOf }
  })
}

/**
 * The addresses of what was loaded, each with the SHA-256 of its content.
 *
 * @param configuration of the same result
 * @returns undefined where an address can't be told any more
 */
export function addressesOfKept(kept: readonly KeptLoad[], configuration: Configuration, key: ServerKey): Map<string, string> | undefined {
  const configured = idsOf(configuration, key)
  const addressOf = ({ id, include, userInfoOf }: KeptLoad): string | undefined => {
    if (include === undefined) return configured.get(id)
    if (userInfoOf === undefined) return include
    const from = configured.get(userInfoOf)
    return from === undefined ? undefined : withUserInfo(include, new URL(from))
  }
  const found = new Map<string, string>()
  for (const load of kept) {
    const address = addressOf(load)
    if (address === undefined) return undefined
    found.set(address, load.sha256)
  }
  return found
}

function idOf(address: string, key: ServerKey): string {
  return key.hash('load', address)
}

/** Everything that a configuration says is to be loaded, by its id. */
function idsOf({ sources, ...top }: Configuration, key: ServerKey): Map<string, string> {
  const files = ({ exclusions_sources = [], inclusions_sources = [] }: Omit<Configuration, 'name' | 'sources'>): string[] => [
    ...exclusions_sources,
    ...inclusions_sources,
  ]
  const addresses = [...files(top), ...sources.flatMap((source) => [source.source, ...files(source)])]
  return new Map(addresses.map((address) => [idOf(address, key), address]))
}

/** Where an address leads, and with what user info; none where it has none. */
function accessOf(address: string): string[] {
  const url = URL.canParse(address) ? new URL(address) : undefined
  return url === undefined || (url.username === '' && url.password === '') ? [] : [`${url.origin} ${url.username}:${url.password}`]
}

function withUserInfo(address: string, { username, password }: Pick<URL, 'username' | 'password'>): string {
  return Object.assign(new URL(address), { username, password }).href
}
