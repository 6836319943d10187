#!/usr/bin/env node
import { Command } from 'commander'
import { addConfig } from './commands/config.js'
import { addDemo } from './commands/demo.js'
import { addServe } from './commands/serve.js'
import { explainError } from './explain-error.js'
import { VERSION } from './version.js'

const program = new Command('headway').description('Run long jobs and follow them live').version(VERSION)
addServe(program)
addConfig(program)
addDemo(program)

try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`headway: ${explainError(error)}\n`)
  process.exitCode = 1
}
