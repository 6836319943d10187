#!/usr/bin/env node
import { runSyncProgram } from './lib/publish/sync-program.mjs'

await runSyncProgram({
  name: 'sync-native',
  target: 'native',
  summary: 'Publishes the native (iOS and Android) resources of a version to a folder or an S3 bucket, both or none.',
})
