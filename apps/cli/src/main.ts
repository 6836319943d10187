#!/usr/bin/env node
import { Command } from 'commander'
import { addConfig } from './commands/config.js'
import { addDemo } from './commands/demo.js'
import { addServe } from './commands/serve.js'
import { VERSION } from './version.js'

// Commands load what they need when they run, so that a short one is not kept waiting by a server that it does not start.
const program = new Command('headway').description('Run long jobs and follow them live').version(VERSION)
addServe(program)
addConfig(program)
addDemo(program)

try {
  await program.parseAsync()
} catch (error) {
  const { explainError } = await import('./explain-error.js')
  process.stderr.write(`headway: ${explainError(error)}\n`)
  process.exitCode = 1
}
