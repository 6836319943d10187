import type { Command } from 'commander'
import { addCompile } from './compile.js'
import { addConfig } from './config.js'
import { addControl } from './control.js'
import { addDemo } from './demo.js'
import { addJobs } from './jobs.js'
import { addRetry } from './retry.js'
import { addRun } from './run.js'
import { addServe } from './serve.js'
import { addToken } from './token.js'
import { addWatch } from './watch.js'

/** Adds every command but those of completion, which need them all. */
export function addAll(program: Command): Command {
  addServe(program)
  addRun(program)
  addWatch(program)
  addJobs(program)
  addControl(program)
  addRetry(program)
  addToken(program)
  addCompile(program)
  addConfig(program)
  addDemo(program)
  return program
}
