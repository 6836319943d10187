#!/usr/bin/env node
import { runSyncProgram } from './lib/publish/sync-program.mjs'

await runSyncProgram({
  name: 'sync-facebook',
  target: 'facebook',
  summary: 'Publishes the web (Facebook) resources of a version to a folder or an S3 bucket.',
})
