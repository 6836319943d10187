#!/usr/bin/env node
import { runProgram } from './lib/command-line.mjs'
import { tellProgress } from './lib/markers.mjs'
import { readEnvironment } from './lib/places.mjs'
import { fullSync } from './lib/publish/full-sync.mjs'
import { readSyncOptions, SYNC_NOTES, SYNC_OPTIONS } from './lib/publish/sync-options.mjs'

await runProgram(
  {
    name: 'full-sync',
    summary:
      'The whole release of a version: checks its resources, publishes them to both targets, sets the reuse version, and checks what was published.',
    options: SYNC_OPTIONS,
    more: `${SYNC_NOTES}\n\nExit codes: 0 released, 1 problems were found or it did not come off, 2 called wrongly or a manifest is broken.`,
    tidies: true,
  },
  (options, signal) =>
    fullSync(readEnvironment(options), { ...readSyncOptions(options), options, program: 'full-sync', signal, onProgress: tellProgress }),
)
