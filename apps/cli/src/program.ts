import { Command } from 'commander'
import { addCompletion } from './commands/completion.js'
import { addConfig } from './commands/config.js'
import { addControl } from './commands/control.js'
import { addDemo } from './commands/demo.js'
import { addJobs } from './commands/jobs.js'
import { addRetry } from './commands/retry.js'
import { addRun } from './commands/run.js'
import { addServe } from './commands/serve.js'
import { addToken } from './commands/token.js'
import { addWatch } from './commands/watch.js'
import { EXIT_CODES_HELP } from './exit-codes.js'
import { VERSION } from './version.js'

/**
 * The whole command. Commands load what they need when they run, so that a short one is not kept waiting by a server that it does not
 * start. Errors of parsing are thrown.
 */
export function createProgram(): Command {
  const program = new Command('headway')
    .description('Run long jobs and follow them live')
    .version(VERSION)
    .addHelpText('after', EXIT_CODES_HELP)
    .exitOverride()
  addCommands(program)
  addCompletion(program, () => addCommands(new Command('headway')))
  return program
}

function addCommands(program: Command): Command {
  addServe(program)
  addRun(program)
  addWatch(program)
  addJobs(program)
  addControl(program)
  addRetry(program)
  addToken(program)
  addConfig(program)
  addDemo(program)
  return program
}
