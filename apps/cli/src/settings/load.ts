import { readConfigFile } from './config-file.js'
import { resolveSettings } from './resolve.js'
import type { ResolvedSettings, SettingSources } from './resolve.js'

/**
 * The settings of this process: its flags, its environment, its configuration file, the defaults.
 *
 * @param flags as commander gives them; `config` names the file
 * @param defaults in place of those of the table
 * @throws SettingsError
 */
export async function loadSettings(
  flags: Readonly<Record<string, unknown>>,
  defaults: NonNullable<SettingSources['defaults']> = {},
): Promise<ResolvedSettings> {
  const named = flags['config'] ?? process.env['HEADWAY_CONFIG']
  const file = await readConfigFile(typeof named === 'string' && named !== '' ? named : undefined)
  return resolveSettings({ flags, env: process.env, file, defaults })
}
