import { Command } from 'commander'
import { addCompile } from './commands/compile.js'
import { EXIT_CODES_HELP } from './exit-codes.js'
import { VERSION } from './version.js'

/**
 * The whole command. Commands load what they need when they run, so that a short one is not kept waiting by a server that it does not
 * start. Errors of parsing are thrown.
 *
 * @param word the first one of the command line. `compile` comes without the other commands: a list is compiled in less time than it
 *   takes to load what they need for their flags
 */
export async function createProgram(word: string | undefined): Promise<Command> {
  const program = new Command('headway')
    .description('Run long jobs and follow them live')
    .version(VERSION)
    .addHelpText('after', EXIT_CODES_HELP)
    .exitOverride()
  if (word === 'compile') {
    addCompile(program)
    return program
  }
  const [{ addAll }, { addCompletion }] = await Promise.all([import('./commands/all.js'), import('./commands/completion.js')])
  addAll(program)
  addCompletion(program, () => addAll(new Command('headway')))
  return program
}
