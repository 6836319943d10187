import { headway } from './headway.mjs'
import { own } from './own.mjs'

/**
 * A server that can be killed: how it is started, the kinds of jobs it has, and how one of its jobs is watched where that is more than
 * over the native API.
 *
 * @typedef {object} ServeOptions
 * @property {number} port
 * @property {string} key the API key that clients send
 * @property {string} mark for the environment of every script, as CHAOS_MARK
 * @property {string} workFolder where scripts write
 * @property {string} dataFolder
 * @property {number} leaseMs
 * @property {number} graceMs how long a stop may take
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {readonly import('../jobs/own-kinds.mjs').Kind[]} kinds
 * @property {(options: ServeOptions) => { command: string, args: readonly string[], env: Record<string, string> }} serve
 * @property {(job: import('../records.mjs').JobRecord, around: Parameters<typeof import('../watchers/watch.mjs').watchJob>[1]) => Promise<unknown>} [watch]
 */

/** The servers that `npm run chaos` kills. */
export const TARGETS = [headway, own]
