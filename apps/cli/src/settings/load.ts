import { readConfigFile } from './config-file.js'
import { resolveSettings } from './resolve.js'
import type { ResolvedSettings } from './resolve.js'

/**
 * The settings of this process: its flags, its environment, its configuration file, the defaults.
 *
 * @param flags as commander gives them; `config` names the file
 * @throws SettingsError
 */
export async function loadSettings(flags: Readonly<Record<string, unknown>>): Promise<ResolvedSettings> {
  const named = flags['config'] ?? process.env['HEADWAY_CONFIG']
  const file = await readConfigFile(typeof named === 'string' && named !== '' ? named : undefined)
  return resolveSettings({ flags, env: process.env, file })
}
