import type { ConfigFile } from './config-file.js'
import { SettingsError } from './settings-error.js'
import { SETTINGS } from './table.js'
import type { Setting, SettingName, Settings } from './table.js'

/** Where a value comes from: `--port`, `PORT`, a file's path or `default`. */
type Origin = string

export interface ResolvedSettings {
  readonly settings: Settings
  readonly origins: Readonly<Record<SettingName, Origin>>
}

export interface SettingSources {
  /** By setting name, as commander gives them. */
  readonly flags: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly file: ConfigFile | undefined
  /** In place of the defaults of the table, for whoever starts a server in a way of its own. */
  readonly defaults?: Readonly<Partial<Record<SettingName, unknown>>>
}

/**
 * Flags win over the environment, that over the file, that over the defaults. An empty environment variable counts as absent.
 *
 * @throws SettingsError that names every setting which can't be used
 */
export function resolveSettings(sources: SettingSources): ResolvedSettings {
  const mistakes: string[] = unknownNames(sources.file)
  const settings: Record<string, unknown> = {}
  const origins: Record<string, Origin> = {}
  for (const [name, setting] of Object.entries(SETTINGS) as [SettingName, Setting][]) {
    const { value, origin } = find(name, setting, sources)
    origins[name] = origin
    if (value === undefined) {
      settings[name] = setting.default
      continue
    }
    const checked = setting.schema.safeParse(value)
    if (checked.success) settings[name] = checked.data
    else mistakes.push(mistake(name, setting, value, origin, checked.error.issues[0]?.message))
  }
  if (mistakes.length > 0) throw new SettingsError(mistakes)
  return { settings: settings as Settings, origins: origins as Record<SettingName, Origin> }
}

function find(name: SettingName, { env, flag }: Setting, sources: SettingSources): { value: unknown; origin: Origin } {
  const byFlag = sources.flags[name]
  if (byFlag !== undefined && flag !== undefined) return { value: byFlag, origin: flag.split(' ', 1)[0] ?? flag }
  const byEnv = sources.env[env]
  if (byEnv !== undefined && byEnv !== '') return { value: byEnv, origin: env }
  const byFile = sources.file?.values[name]
  if (byFile !== undefined && byFile !== null) return { value: byFile, origin: sources.file?.path ?? '' }
  return { value: sources.defaults?.[name], origin: 'default' }
}

function mistake(name: string, { secret, shown, env }: Setting, value: unknown, origin: Origin, allowed = 'another value'): string {
  const safe = shown !== undefined && typeof value === 'string' ? shown(value) : value
  const told = secret === true ? '' : ` is ${JSON.stringify(safe)}, which`
  return `${name} (${origin}${origin === env ? '' : `; in the environment ${env}`})${told} can't be used: it must be ${allowed}.`
}

function unknownNames(file: ConfigFile | undefined): string[] {
  const unknown = Object.keys(file?.values ?? {}).filter((name) => !Object.hasOwn(SETTINGS, name))
  return unknown.map((name) => `${file?.path}: there is no setting "${name}". There are: ${Object.keys(SETTINGS).join(', ')}.`)
}
