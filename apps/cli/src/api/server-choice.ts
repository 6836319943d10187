import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { ADMIN_KEY_FILE } from '../admin-key.js'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { loadSettings } from '../settings/load.js'
import type { Settings } from '../settings/table.js'

/** Flags of every command that talks to a server. */
export interface ServerFlags {
  readonly url?: string
  readonly keyFile?: string
  /** Undefined: as the terminal and the environment have it. */
  readonly color?: boolean
}

/** Which server, and how to show who asks. */
export interface ServerChoice {
  /** Ends with a slash. */
  readonly base: URL
  /** Undefined where none was found, and none is needed. */
  readonly key: string | undefined
  /** For messages: a key itself is never shown. */
  readonly keyOrigin: string | undefined
}

const NO_KEY =
  'There is no API key. Set HEADWAY_API_KEY, or name a file that holds one with --key-file. (The key of a server on this machine is taken from its data folder.)'

/**
 * The server is what `--url` or HEADWAY_URL names, else the one on this machine, by the settings. The key comes from `--key-file` or
 * HEADWAY_API_KEY; for a server on this machine also from HEADWAY_ADMIN_KEY or its data folder.
 *
 * @param keyless it may be done without a key, where there is none
 * @throws CommandError; SettingsError where the settings are needed and wrong
 */
export async function chooseServer(flags: ServerFlags, keyless = false): Promise<ServerChoice> {
  const named = flags.url ?? nonEmpty(process.env['HEADWAY_URL'])
  const settings = named === undefined ? (await loadSettings({})).settings : undefined
  const base = settings === undefined ? parseBase(named ?? '') : localBase(settings)
  return { base, ...(await chooseKey(base, flags, settings, keyless)) }
}

async function chooseKey(
  base: URL,
  flags: ServerFlags,
  settings: Settings | undefined,
  keyless: boolean,
): Promise<Omit<ServerChoice, 'base'>> {
  const none = { key: undefined, keyOrigin: undefined }
  if (flags.keyFile !== undefined) return { key: await readKey(flags.keyFile), keyOrigin: flags.keyFile }
  const byEnvironment = nonEmpty(process.env['HEADWAY_API_KEY'])
  if (byEnvironment !== undefined) return { key: checkKey(byEnvironment, 'HEADWAY_API_KEY'), keyOrigin: 'HEADWAY_API_KEY' }
  // Never sent to another machine.
  if (!isLocal(base) && keyless) return none
  if (!isLocal(base)) throw new CommandError(NO_KEY, EXIT.usage)
  const { adminKey, data } = settings ?? (await loadSettings({})).settings
  if (adminKey !== undefined) return { key: checkKey(adminKey, 'HEADWAY_ADMIN_KEY'), keyOrigin: 'HEADWAY_ADMIN_KEY' }
  const path = join(data, ADMIN_KEY_FILE)
  try {
    return { key: await readKey(path), keyOrigin: relative('', path) }
  } catch {
    if (keyless) return none
    throw new CommandError(`${NO_KEY} There is none in ${path}.`, EXIT.usage)
  }
}

async function readKey(path: string): Promise<string> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`The key file ${path} can't be read: ${error.code ?? error.message}.`, EXIT.usage)
  })
  return checkKey(text.trim(), path)
}

/** A key goes into a header. */
function checkKey(key: string, origin: string): string {
  if (/^[\x21-\x7e]{1,512}$/.test(key)) return key
  throw new CommandError(`${origin} holds no API key: a key is one line of at most 512 visible ASCII characters.`, EXIT.usage)
}

function parseBase(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(`"${text}" is no URL of a server: write http://127.0.0.1:3000, for example.`, EXIT.usage)
  }
  if (url.username !== '' || url.password !== '') {
    throw new CommandError("A URL with a name and a password can't be used: the key goes into HEADWAY_API_KEY or a file.", EXIT.usage)
  }
  url.search = url.hash = ''
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return url
}

function localBase({ host, port }: Settings): URL {
  const at = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '[::1]' : host.includes(':') ? `[${host}]` : host
  return new URL(`http://${at}:${port}/`)
}

function isLocal({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text
}
