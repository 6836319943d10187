import type { Command } from 'commander'
import { addSettingFlags } from '../settings/options.js'

/** `headway config`: shows every setting and where it comes from. */
export function addConfig(program: Command): void {
  addSettingFlags(program.command('config').description('Show every setting and where it comes from')).action(
    async (flags: Record<string, unknown>) => {
      const [{ loadSettings }, { showSettings }] = await Promise.all([import('../settings/load.js'), import('../settings/show.js')])
      process.stdout.write(`${showSettings(await loadSettings(flags))}\n`)
    },
  )
}
