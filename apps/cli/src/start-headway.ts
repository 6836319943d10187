import type { JobType } from '@headway/core'
import { compose, shortPath } from './compose.js'
import type { RunningHeadway } from './compose.js'
import { checkRole } from './node-role.js'
import type { NodeRole } from './node-role.js'
import { loadSettings } from './settings/load.js'
import type { SettingName } from './settings/table.js'
import { withoutPassword } from './settings/store-url.js'
import { waitForStore } from './store/wait-for-store.js'
import { VERSION } from './version.js'

const EVERYTHING: NodeRole = { api: true, work: 'all' }

export interface StartOptions {
  /** Job types of one's own, beside those of the services. */
  readonly jobTypes?: readonly JobType[]
  /** As on the command line: `{ port: '8080' }`. The environment and the configuration file count, too. */
  readonly flags?: Readonly<Record<string, unknown>>
  /** By the names of the configuration file, for what is set nowhere: `{ logDir: './logs' }`. */
  readonly defaults?: Readonly<Partial<Record<SettingName, unknown>>>
  /** Everything by default. */
  readonly role?: NodeRole
}

/**
 * Starts a server as `headway serve` does, says where it listens, and stops it in good order at SIGTERM or SIGINT: the first signal lets
 * everything come to a good end, the second ends the process at once.
 *
 * @throws what `loadSettings` and `compose` throw; CommandError for a role that needs a store which others share
 */
export async function startHeadway(options: StartOptions = {}): Promise<RunningHeadway> {
  const { settings } = await loadSettings(options.flags ?? {}, options.defaults)
  const role = options.role ?? EVERYTHING
  checkRole(role, settings.store)
  const start = (): Promise<RunningHeadway> => compose(settings, VERSION, { jobTypes: options.jobTypes ?? [], role })
  const headway = await waitForStore(settings.store, start, (message) => process.stderr.write(`headway: ${message}\n`))
  stopOnSignals(headway)
  process.stdout.write(startLines(headway, role, settings.store))
  return headway
}

function startLines({ address, dataFolder, adminKeyFile }: RunningHeadway, { api, work }: NodeRole, store: string): string {
  const key = adminKeyFile === undefined ? '$API_KEY' : `$(cat ${shortPath(adminKeyFile)})`
  const path = api ? 'jobs' : 'metrics'
  return [
    `Headway ${VERSION} listens at ${address.url}`,
    ...(api ? [] : [`This node runs jobs ${work === 'all' ? 'of all types' : `of ${listOf(work)}`}; it answers only /health and /metrics`]),
    ...(work === 'none' ? ['This node serves the API; jobs run at other nodes'] : []),
    `Data folder: ${dataFolder}`,
    ...(store === 'sqlite:' ? [] : [`Store: ${withoutPassword(store)}`]),
    adminKeyFile === undefined ? 'API key: as configured' : `API key: cat ${shortPath(adminKeyFile)}`,
    `Try: curl -H "X-API-Key: ${key}" ${address.url}${path}`,
    '',
  ].join('\n')
}

function listOf(work: 'none' | readonly string[]): string {
  return work === 'none' ? 'no type' : work.join(', ')
}

function stopOnSignals(headway: RunningHeadway): void {
  let stopping = false
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1)
    stopping = true
    process.stdout.write(`${signal}: stopping; once more to stop at once\n`)
    headway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        process.stderr.write(`headway: could not stop cleanly: ${error instanceof Error ? error.message : String(error)}\n`)
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
