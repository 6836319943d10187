import { Option } from 'commander'
import type { Command } from 'commander'
import { EXIT } from '../exit-codes.js'
import { collect } from './watch-flags.js'

export const INPUT_TYPES = ['hosts', 'adblock'] as const
export const ON_SOURCE_ERROR = ['fail', 'skip', 'last-good'] as const

export interface CompileFlags {
  readonly config?: string
  readonly input?: readonly string[]
  readonly inputType: (typeof INPUT_TYPES)[number]
  readonly output?: string
  readonly stdout?: boolean
  readonly onSourceError: (typeof ON_SOURCE_ERROR)[number]
  readonly allowAddress?: readonly string[]
  readonly cache?: string
  readonly benchmark?: boolean
  readonly verbose?: boolean
  readonly quiet?: boolean
  readonly color?: boolean
}

const HELP = `
Exit codes: ${EXIT.completed} the list is written, ${EXIT.failed} it could not be compiled or written, ${EXIT.usage} wrong use, also a configuration that can't be used,
${EXIT.cancelled} stopped with Ctrl-C. In the last three cases the output is as it was.

Examples:
  headway compile -c config.json -o list.txt
  headway compile -i hosts.txt -i https://example.org/more.txt --stdout > list.txt`

/** `headway compile`: compiles a filter list in this process, without a server. */
export function addCompile(program: Command): void {
  program
    .command('compile')
    .description('Compile a filter list here, without a server')
    .option('-c, --config <file>', 'The configuration, JSON or YAML; - for the standard input')
    .option('-i, --input <place>', 'Instead of a configuration: a file or URL of rules; may be repeated', collect)
    .addOption(new Option('-t, --input-type <type>', 'What the inputs are').choices(INPUT_TYPES).default('hosts'))
    .option('-o, --output <file>', 'Where the list goes; it is replaced when the new one is complete')
    .option('--stdout', 'The list goes to the standard output')
    .addOption(
      new Option('--on-source-error <what>', 'Where a source fails: end, go on without it, or take its last good copy (with --cache)')
        .choices(ON_SOURCE_ERROR)
        .default('fail'),
    )
    .option(
      '--allow-address <range>',
      'Addresses of your own network to download from, such as 10.0.0.0/8, or loopback, or private; may be repeated',
      collect,
    )
    .option('--cache <folder>', 'Keep downloads there, and load only what has changed; for one command at a time')
    .option('--benchmark', 'Say at the end what took how long')
    .option('--verbose', 'Say everything that happens')
    .option('--quiet', 'Say only what went wrong')
    .addOption(new Option('--color', 'Colours even where the output is no terminal (FORCE_COLOR)').hideHelp())
    .option('--no-color', 'No colours (NO_COLOR)')
    .addHelpText('after', HELP)
    .action(async (flags: CompileFlags) => {
      const { runCompile } = await import('../compile/run-compile.js')
      process.exitCode = await runCompile(flags)
    })
}
