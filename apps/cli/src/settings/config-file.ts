import { readFile } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SettingsError } from './settings-error.js'

/** Looked for in the working directory, in this order, where no file is named. */
const FILES = ['headway.config.yaml', 'headway.config.mjs'] as const

export interface ConfigFile {
  readonly path: string
  readonly values: Readonly<Record<string, unknown>>
}

/**
 * Reads the configuration file: the one that is named, else the first that is there.
 *
 * @throws SettingsError when it can't be read, or is not an object of settings
 */
export async function readConfigFile(named: string | undefined): Promise<ConfigFile | undefined> {
  for (const name of named === undefined ? FILES : [named]) {
    const path = resolve(name)
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' && named === undefined) return undefined
      throw new SettingsError([`The configuration file ${path} can't be read: ${error.code ?? error.message}.`])
    })
    if (text === undefined) continue
    const values = await valuesOf(path, text)
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw new SettingsError([`${path} must hold an object of settings${extname(path) === '.mjs' ? ' as its default export' : ''}.`])
    }
    return { path, values: values as Record<string, unknown> }
  }
  return undefined
}

async function valuesOf(path: string, text: string): Promise<unknown> {
  if (extname(path) !== '.mjs') return yamlValues(path, text)
  try {
    const module = (await import(pathToFileURL(path).href)) as { readonly default?: unknown }
    return module.default
  } catch (error) {
    throw unusable(path, error)
  }
}

async function yamlValues(path: string, text: string): Promise<unknown> {
  // Loaded only where there is such a file: every command of a client looks for its settings.
  const { parse, YAMLParseError } = await import('yaml')
  try {
    return (parse(text) as unknown) ?? {}
  } catch (error) {
    const at = error instanceof YAMLParseError && error.linePos !== undefined ? `:${error.linePos[0].line}:${error.linePos[0].col}` : ''
    throw unusable(`${path}${at}`, error)
  }
}

function unusable(place: string, error: unknown): SettingsError {
  const why = error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error)
  return new SettingsError([`${place}: ${why}`])
}
