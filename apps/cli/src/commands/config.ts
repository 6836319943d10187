import type { Command } from 'commander'
import { loadSettings } from '../settings/load.js'
import { addSettingFlags } from '../settings/options.js'
import { showSettings } from '../settings/show.js'

/** `headway config`: shows every setting and where it comes from. */
export function addConfig(program: Command): void {
  addSettingFlags(program.command('config').description('Show every setting and where it comes from')).action(
    async (flags: Record<string, unknown>) => {
      process.stdout.write(`${showSettings(await loadSettings(flags))}\n`)
    },
  )
}
