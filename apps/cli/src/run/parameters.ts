import { readFile } from 'node:fs/promises'
import type { Json } from '@headway/protocol'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { textToValue } from './text-to-value.js'
import type { TypeDescription } from './type-schema.js'

/** The most that is read from the standard input, in UTF-16 units: far more than a server takes. */
const MAX_STDIN_UNITS = 16 * 1024 * 1024

/** One `--param`. */
export interface Param {
  readonly name: string
  /** The value, where it was given as JSON. */
  readonly json?: Json
  /** The value for a job type; undefined: nothing is known of the type. */
  readonly valueFor: (type: TypeDescription | undefined) => Json
}

/** Reads `name=value` and `name:=JSON`. @throws CommandError */
export function parseParams(texts: readonly string[]): Param[] {
  const params = texts.map(parseParam)
  const names = params.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new CommandError(`The parameter "${twice}" is given twice.`, EXIT.usage)
  return params
}

function parseParam(text: string): Param {
  const at = text.indexOf('=')
  if (at < 1) throw new CommandError(`--param is "${text}"; write it as name=value.`, EXIT.usage)
  const [name, value] = [text.slice(0, at), text.slice(at + 1)]
  if (!name.endsWith(':')) return { name, valueFor: (type) => textToValue(value, type?.properties.get(name)) }
  const json = parseJson(value, `The value of --param ${name}=`)
  return { name: name.slice(0, -1), json, valueFor: () => json }
}

/**
 * The object in a file, or on the standard input (`-`); empty where no file is named.
 *
 * @throws CommandError
 */
export async function parametersOf(file: string | undefined): Promise<Readonly<Record<string, Json | undefined>>> {
  if (file === undefined) return {}
  const name = file === '-' ? 'The standard input' : file
  const text = file === '-' ? await readStdin() : await readFile(file, 'utf8').catch(unreadable(file))
  const value = parseJson(text, name)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, Json>>
  throw new CommandError(`${name} must hold a JSON object of parameters.`, EXIT.usage)
}

function unreadable(file: string): (error: NodeJS.ErrnoException) => never {
  return (error) => {
    throw new CommandError(`${file} can't be read: ${error.code ?? error.message}.`, EXIT.usage)
  }
}

async function readStdin(): Promise<string> {
  let text = ''
  for await (const part of process.stdin.setEncoding('utf8')) {
    text += part
    if (text.length > MAX_STDIN_UNITS) throw new CommandError('The standard input is too long for parameters.', EXIT.usage)
  }
  return text
}

function parseJson(text: string, name: string): Json {
  try {
    return JSON.parse(text) as Json
  } catch (error) {
    throw new CommandError(`${name} is not valid JSON: ${(error as Error).message}`, EXIT.usage)
  }
}
