import { randomBytes } from 'node:crypto'
import type { BlobRef, JobBlobs } from '@headway/core'
import { z } from 'zod'
import { validateConfiguration } from '../compiler/index.js'
import type { Configuration } from '../compiler/index.js'
import { hasSecrets, hasUserInfo, sanitizeUrl } from '../download/sanitize-url.js'

/** The largest configuration that is read back, in bytes: more than a request may have beside its texts. */
const MAX_CONFIGURATION_BYTES = 8 * 1024 * 1024

const SALT_BYTES = 16

/** Salt, and the configuration. */
const keptSchema = z.tuple([z.string(), z.unknown()])

/** The configuration as a job may show it, its URLs without their secrets; undefined where there are none. */
export function withoutSecrets(configuration: Configuration): Configuration | undefined {
  if (!urlsOf(configuration).some(([, url]) => hasSecrets(url))) return undefined
  const shown = (text: string): string => (hasSecrets(text) ? sanitizeUrl(text) : text)
  const level = <Level extends Pick<Configuration, 'exclusions_sources' | 'inclusions_sources'>>(given: Level): Level => ({
    ...given,
    ...(given.exclusions_sources && { exclusions_sources: given.exclusions_sources.map(shown) }),
    ...(given.inclusions_sources && { inclusions_sources: given.inclusions_sources.map(shown) }),
  })
  const { homepage } = configuration
  return {
    ...level(configuration),
    ...(homepage !== undefined && { homepage: shown(homepage) }),
    sources: configuration.sources.map((source) => ({
      ...level(source),
      source: shown(source.source),
      ...(source.name !== undefined && { name: shown(source.name) }),
    })),
  }
}

/** JSON pointers to the URLs of a configuration that have a user name or a password. */
export function urlsWithUserInfo(configuration: Configuration): string[] {
  return urlsOf(configuration)
    .filter(([, url]) => hasUserInfo(url))
    .map(([pointer]) => pointer)
}

/** A configuration as a blob of its job. Salted: the hash of the blob is told, and nobody shall find out by it what is in there. */
export function packConfiguration(configuration: Configuration): Uint8Array {
  return new TextEncoder().encode(JSON.stringify([randomBytes(SALT_BYTES).toString('hex'), configuration]))
}

/** Reads what {@link packConfiguration} made. @throws Error when it is something else */
export async function readConfiguration(ref: BlobRef, blobs: Pick<JobBlobs, 'read'>): Promise<Configuration> {
  if (ref.size > MAX_CONFIGURATION_BYTES) throw new Error('A packed configuration is damaged.')
  const chunks: Uint8Array[] = []
  for await (const chunk of blobs.read(ref)) chunks.push(chunk)
  const [, configuration] = keptSchema.parse(JSON.parse(Buffer.concat(chunks).toString()))
  return validateConfiguration(configuration)
}

/** Whatever in a configuration may be a URL, with its JSON pointer. */
function urlsOf(configuration: Configuration): (readonly [pointer: string, url: string])[] {
  const { homepage, sources } = configuration
  const listed = (at: string, urls: readonly string[] = []): (readonly [string, string])[] =>
    urls.map((url, index) => [`${at}/${index}`, url] as const)
  const level = (at: string, given: Pick<Configuration, 'exclusions_sources' | 'inclusions_sources'>): (readonly [string, string])[] => [
    ...listed(`${at}/exclusions_sources`, given.exclusions_sources),
    ...listed(`${at}/inclusions_sources`, given.inclusions_sources),
  ]
  return [
    ...(homepage === undefined ? [] : [['/homepage', homepage] as const]),
    ...level('', configuration),
    ...sources.flatMap((source, index) => [
      [`/sources/${index}/source`, source.source] as const,
      ...(source.name === undefined || !hasUserInfo(source.source) ? [] : [[`/sources/${index}/name`, source.name] as const]),
      ...level(`/sources/${index}`, source),
    ]),
  ]
}
