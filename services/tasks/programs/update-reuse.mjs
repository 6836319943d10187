#!/usr/bin/env node
import { EXIT, readDuration, readName, Refusal, runProgram } from './lib/command-line.mjs'
import { tellResult } from './lib/markers.mjs'
import { PLACE_OPTIONS, readEnvironment } from './lib/places.mjs'
import { readReuse } from './lib/publish/reuse.mjs'
import { updateReuse } from './lib/publish/update-reuse.mjs'
import { openStorage } from './lib/storage/open-storage.mjs'

await runProgram(
  {
    name: 'update-reuse',
    summary: 'Sets the version that later releases may take files from. It must be published completely on all targets.',
    options: {
      version: { value: 'NAME', help: 'The version, such as v885' },
      ...PLACE_OPTIONS,
      rollback: { help: 'Go back to the version before' },
      show: { help: 'Show what is set and what was before' },
      'wait-lock': { value: 'DURATION', default: '0s', help: 'How long to wait when another program changes it, such as 10m' },
      'dry-run': { help: 'Say what would be done, and change nothing' },
    },
    more: 'Exit codes: 0 set, 1 refused or it did not come off, 2 called wrongly or what is there is broken.',
    tidies: true,
  },
  async (options, signal) => {
    const places = readEnvironment(options)
    if ([options.version !== undefined, options.rollback, options.show].filter(Boolean).length !== 1) {
      throw new Refusal('Give one of --version, --rollback and --show.')
    }
    const environment = await openStorage(places.environment)
    if (options.show) {
      print(await readReuse(environment))
      return EXIT.fine
    }
    const result = await updateReuse(places, {
      program: 'update-reuse',
      version: options.rollback ? undefined : readName('version', options.version),
      dryRun: options['dry-run'] === true,
      waitMs: readDuration('wait-lock', options['wait-lock']),
      signal,
    })
    tellResult(result)
    return EXIT.fine
  },
)

function print(reuse) {
  if (reuse === undefined) {
    console.log('No reuse version is set.')
    return
  }
  console.log(`Reuse version: ${reuse.current.version}, set at ${reuse.current.setAt}`)
  for (const { version, setAt } of reuse.before) console.log(`Before: ${version}, set at ${setAt}`)
  for (const { at, action, version } of reuse.history) console.log(`History: ${at} ${action} ${version}`)
}
