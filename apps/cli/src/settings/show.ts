import type { ResolvedSettings } from './resolve.js'
import { showDuration } from './parse.js'
import { SETTINGS } from './table.js'
import type { Setting, SettingName } from './table.js'

/** One line for each setting: name, value, unit and where it comes from. Secrets are not shown. */
export function showSettings({ settings, origins }: ResolvedSettings): string {
  return (Object.entries(SETTINGS) as [SettingName, Setting][])
    .map(([name, setting]) => `${name.padEnd(15)} ${valueOf(setting, settings[name])}  (${origins[name]})`)
    .join('\n')
}

/** A value as a person would type it, without secrets. */
export function valueOf({ secret, shown, unit }: Setting, value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return 'not set'
  if (secret === true) return '[redacted]'
  if (shown !== undefined && typeof value === 'string') return shown(value)
  if (unit === 'ms') return showDuration(Number(value))
  const text = typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : JSON.stringify(value)
  return unit === undefined ? text : `${text} ${unit}`
}
