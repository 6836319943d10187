import type { Command } from 'commander'
import { compose, shortPath } from '../compose.js'
import type { RunningHeadway } from '../compose.js'
import { loadSettings } from '../settings/load.js'
import { addSettingFlags } from '../settings/options.js'
import { VERSION } from '../version.js'

/** `headway serve`: runs until SIGTERM or SIGINT. */
export function addServe(program: Command): void {
  addSettingFlags(program.command('serve').description('Run the server')).action(async (flags: Record<string, unknown>) => {
    const { settings } = await loadSettings(flags)
    const headway = await compose(settings, VERSION)
    stopOnSignals(headway)
    process.stdout.write(startLines(headway))
  })
}

function startLines({ address, dataFolder, adminKeyFile }: RunningHeadway): string {
  const key = adminKeyFile === undefined ? '$API_KEY' : `$(cat ${shortPath(adminKeyFile)})`
  return [
    `Headway ${VERSION} listens at ${address.url}`,
    `Data folder: ${dataFolder}`,
    adminKeyFile === undefined ? 'API key: as configured' : `API key: cat ${shortPath(adminKeyFile)}`,
    `Try: curl -H "X-API-Key: ${key}" ${address.url}jobs`,
    '',
  ].join('\n')
}

/** The first signal lets everything come to a good end; the second ends the process at once. */
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
