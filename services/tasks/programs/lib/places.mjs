import { join, resolve } from 'node:path'
import { readChoice, Refusal } from './command-line.mjs'

/** What is published where: each target has the resources of its platforms. The order is that in which targets are locked. */
export const TARGETS = { facebook: ['web'], native: ['ios', 'android'] }

export const ENVIRONMENTS = ['staging', 'production']

/** Options of every program that publishes or looks at what is published. */
export const PLACE_OPTIONS = {
  env: { value: 'NAME', default: 'staging', help: `One of ${ENVIRONMENTS.join(', ')}` },
  publish: {
    value: 'PLACE',
    default: process.env.HEADWAY_PUBLISH ?? 'published',
    help: 'Where everything is published: a folder or s3://bucket/prefix; the environments are below it',
  },
}

export const ROOT_OPTION = {
  root: { value: 'FOLDER', default: process.env.HEADWAY_RESOURCES ?? 'resources', help: 'Where the versions are' },
}

/**
 * @typedef {{ kind: 'folder', path: string } | { kind: 's3', bucket: string, prefix: string }} Place `prefix` is empty or ends in a slash
 */

/**
 * A folder or `s3://bucket/prefix`.
 *
 * @returns {Place}
 * @throws {Refusal} when it is another kind of URL, or no good name
 */
export function readPlace(option, text) {
  if (text === undefined || text === '') throw new Refusal(`--${option} must be a folder or s3://bucket/prefix.`)
  const [scheme] = /^[a-z][a-z0-9+.-]*:\/\//i.exec(text) ?? []
  if (scheme === undefined) return { kind: 'folder', path: resolve(text) }
  const [, bucket, path] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? []
  const parts = (path ?? '').replace(/\/$/, '').split('/')
  const isPlain = parts.every((part) => /^[\w.!*'()-]+$/.test(part) && part !== '.' && part !== '..')
  // What stands there may hold a password, so it is not shown.
  if (bucket === undefined || !(isPlain || parts.join('') === '')) {
    throw new Refusal(`--${option} must be a folder or s3://bucket/prefix with plain names.`)
  }
  return { kind: 's3', bucket, prefix: parts[0] === '' ? '' : `${parts.join('/')}/` }
}

/** What lies below a place. */
export function below(place, name) {
  return place.kind === 'folder' ? { ...place, path: join(place.path, name) } : { ...place, prefix: `${place.prefix}${name}/` }
}

/**
 * The places of one environment, by the options of `PLACE_OPTIONS`.
 *
 * @returns {{ environment: Place, facebook: Place, native: Place }}
 */
export function readEnvironment({ env, publish }) {
  const environment = below(readPlace('publish', publish), readChoice('env', env, ENVIRONMENTS))
  return { environment, facebook: below(environment, 'facebook'), native: below(environment, 'native') }
}
