import { Option } from 'commander'
import type { Command } from 'commander'
import { EXIT_CODES_HELP } from '../exit-codes.js'

/** Adds the flags of every command that talks to a server (`ServerFlags`), and what its exit codes mean. */
export function addServerFlags(command: Command): Command {
  return command
    .option('--url <url>', 'The server (HEADWAY_URL); by default the one on this machine, as "headway config" has its port')
    .option('--key-file <file>', 'A file with the API key (or HEADWAY_API_KEY); by default that in the data folder here')
    .addOption(new Option('--color', 'Colours even where the output is no terminal (FORCE_COLOR)').hideHelp())
    .option('--no-color', 'No colours (NO_COLOR)')
    .addHelpText('after', EXIT_CODES_HELP)
}
