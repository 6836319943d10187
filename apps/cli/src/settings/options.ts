import { Option } from 'commander'
import type { Command } from 'commander'
import { valueOf } from './show.js'
import { SETTINGS } from './table.js'
import type { Setting, SettingName } from './table.js'

/** Adds a flag for every setting that has one, and `--config`. @param only these settings */
export function addSettingFlags(command: Command, only?: readonly SettingName[]): Command {
  command.option('--config <file>', 'The configuration file; by default headway.config.yaml or headway.config.mjs here (HEADWAY_CONFIG)')
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    if (setting.flag === undefined || only?.includes(name) === false) continue
    const option = new Option(setting.flag, `${setting.description} (${setting.env}; default: ${valueOf(setting, setting.default)})`)
    if (option.attributeName() !== name) throw new Error(`The flag ${setting.flag} does not fit the setting "${name}".`)
    command.addOption(option)
  }
  return command
}
