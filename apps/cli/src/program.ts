import { Command } from 'commander'
import { addCommands, COMMANDS } from './commands/all.js'
import { addCompletion } from './commands/completion.js'
import { EXIT_CODES_HELP } from './exit-codes.js'
import { VERSION } from './version.js'

/** Commander answers these alone. */
const VERSION_FLAGS: readonly (string | undefined)[] = ['--version', '-V']

/**
 * The command as far as the command line needs it. Commands load what they need when they run, and a command that is named comes without
 * the others: loading all their flags takes longer than most commands do. Errors of parsing are thrown.
 *
 * @param word the first one of the command line
 */
export async function createProgram(word: string | undefined): Promise<Command> {
  const program = new Command('headway')
    .description('Run long jobs and follow them live')
    .version(VERSION)
    .addHelpText('after', EXIT_CODES_HELP)
    .exitOverride()
  if (VERSION_FLAGS.includes(word)) return program
  const named = COMMANDS.find(({ names }) => word !== undefined && names.includes(word))
  if (named !== undefined) return addCommands(program, [named])
  // Each Tab asks for "complete", which loads the others itself.
  if (word !== 'complete' && word !== 'completion') await addCommands(program, COMMANDS)
  addCompletion(program, () => addCommands(new Command('headway'), COMMANDS))
  return program
}
