import type { Command } from 'commander'
import { addServerFlags } from './server-flags.js'
import { addCreationFlags, collect } from './watch-flags.js'
import type { CreationFlags } from './watch-flags.js'

export interface RunFlags extends CreationFlags {
  readonly param?: readonly string[]
  readonly paramsJson?: string
}

/** `headway run`: creates a job. */
export function addRun(program: Command): void {
  const command = program
    .command('run')
    .description('Start a job')
    .argument('<type>', 'The job type, such as check-integrity')
    .option('--param <name=value>', 'A parameter; once for each. name:=JSON for a value that is not text', collect)
    .option('--params-json <file>', 'A file with all parameters as a JSON object; - for the standard input')
  addServerFlags(addCreationFlags(command)).action(async (type: string, flags: RunFlags) => {
    const { runJob } = await import('../run/run-job.js')
    process.exitCode = await runJob(type, flags)
  })
}
