import { readChoice, Refusal } from '../command-line.mjs'
import { readEnvironment, readPlace, TARGETS } from '../places.mjs'
import { manifestPath, versionPrefix } from '../publish/layout.mjs'
import { MANIFEST_FILE } from '../manifest.mjs'
import { openStorage } from '../storage/open-storage.mjs'

/**
 * Where a platform of a version lies.
 *
 * @typedef {{ platform: string, storage: import('../storage/open-storage.mjs').Storage, isPublished: boolean,
 *   prefix: (version: string) => string, manifest: (version: string) => string }} PlatformPlace
 * @typedef {{ shown: string, of: (platform: string) => PlatformPlace }} CheckPlaces
 */

/**
 * What a check looks at: the resources, what an environment has of them, or one target.
 *
 * @param {Record<string, string | boolean | undefined>} options `root`, `where`, `env`, `publish`, `target`, `current`
 * @returns {Promise<CheckPlaces>}
 */
export async function checkPlaces({ root, where, env, publish, target, current }) {
  const isPublished = readChoice('where', where, ['resources', 'published']) === 'published' || target !== undefined
  if (current && !isPublished) throw new Refusal('--current needs --where published or --target.')
  if (!isPublished) return resources(await openStorage(readPlace('root', root)))
  if (target !== undefined) {
    const storage = await openStorage(readPlace('target', target))
    return { shown: storage.shown, of: (platform) => published(platform, storage) }
  }
  const places = readEnvironment({ env, publish })
  const storages = Object.fromEntries(await Promise.all(Object.keys(TARGETS).map(async (name) => [name, await openStorage(places[name])])))
  const targetOf = (platform) => Object.keys(TARGETS).find((name) => TARGETS[name].includes(platform))
  const environment = await openStorage(places.environment)
  return { shown: environment.shown, of: (platform) => published(platform, storages[targetOf(platform)]) }
}

function resources(storage) {
  const of = (platform) => ({
    platform,
    storage,
    isPublished: false,
    prefix: (version) => `${version}/${platform}`,
    manifest: (version) => `${version}/${platform}/${MANIFEST_FILE}`,
  })
  return { shown: storage.shown, of }
}

function published(platform, storage) {
  return {
    platform,
    storage,
    isPublished: true,
    prefix: (version) => versionPrefix(platform, version),
    manifest: (version) => manifestPath(platform, version),
  }
}
