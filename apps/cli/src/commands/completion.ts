import type { Command } from 'commander'
import { Argument } from 'commander'
import { SHELLS } from '../completion/shells.js'
import type { Shell } from '../completion/shells.js'

const HELP = `
For bash, in ~/.bashrc:   source <(headway completion bash)
For zsh, in ~/.zshrc:     source <(headway completion zsh)
For fish:                 headway completion fish > ~/.config/fish/completions/headway.fish`

/**
 * `headway completion`: a script for a shell. What it asks for with each Tab is `headway complete`.
 *
 * @param commands makes a program with all the other commands
 */
export function addCompletion(program: Command, commands: () => Promise<Command>): void {
  program
    .command('completion')
    .description('Print a script that lets a shell complete commands, flags, job types and ids')
    .addArgument(new Argument('<shell>', 'The shell').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => {
      const { printScript } = await import('../completion/script.js')
      printScript(shell)
    })
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .action(async (words: string[]) => {
      const { completeWords } = await import('../completion/complete-words.js')
      await completeWords(await commands(), words)
    })
}
