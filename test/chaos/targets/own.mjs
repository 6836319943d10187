import { fileURLToPath } from 'node:url'
import { OWN_KINDS } from '../jobs/own-kinds.mjs'

/**
 * A server composed from the public packages, with job types in its process, in threads and as scripts.
 *
 * @type {import('./index.mjs').Target}
 */
export const own = {
  name: 'own',
  kinds: OWN_KINDS,
  serve: ({ port, key, mark, workFolder, dataFolder, leaseMs, graceMs }) => ({
    command: fileURLToPath(new URL('../server/server.mjs', import.meta.url)),
    args: [],
    env: {
      PATH: process.env.PATH ?? '',
      CHAOS_DATA: dataFolder,
      CHAOS_PORT: String(port),
      CHAOS_KEY: key,
      // Not CHAOS_MARK: that one is for what scripts have.
      CHAOS_SCRIPT_MARK: mark,
      CHAOS_WORK: workFolder,
      CHAOS_LEASE_MS: String(leaseMs),
      CHAOS_GRACE_MS: String(graceMs),
    },
  }),
}
