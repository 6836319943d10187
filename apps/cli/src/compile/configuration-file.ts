import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { text as readAll } from 'node:stream/consumers'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { fileReason } from './file-reason.js'

/** A configuration as it was read. */
export interface ConfigurationFile {
  /** As messages name it. */
  readonly name: string
  readonly text: string
  readonly value: unknown
}

/**
 * Reads a configuration: JSON, or YAML where the name ends with `.yaml` or `.yml`, or where the name says nothing and the text does not
 * begin with a brace.
 *
 * @param file `-` for the standard input
 * @throws CommandError
 */
export async function readConfiguration(file: string): Promise<ConfigurationFile> {
  const name = file === '-' ? 'The standard input' : file
  const text = await (file === '-' ? readAll(process.stdin) : readFile(file, 'utf8')).catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${name} can't be read: ${fileReason(error)}.`, EXIT.usage)
  })
  const plain = text.replace(/^\uFEFF/, '')
  return { name, text: plain, value: isJson(file, plain) ? fromJson(name, plain) : await fromYaml(name, plain) }
}

function isJson(file: string, text: string): boolean {
  const extension = extname(file).toLowerCase()
  if (extension === '.json') return true
  return extension !== '.yaml' && extension !== '.yml' && text.trimStart().startsWith('{')
}

function fromJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const position = / at position (\d+)/.exec(message)?.[1]
    const place = position === undefined ? '' : placeOf(text, Number(position))
    throw new CommandError(`${name}${place}: this is not valid JSON: ${message}`, EXIT.usage)
  }
}

async function fromYaml(name: string, text: string): Promise<unknown> {
  // Loaded only where there is such a file: most are JSON.
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { logLevel: 'error' })
  // What it only warns of (a tag that it does not know) would be left out, and that is not what was meant.
  const [problem] = [...document.errors, ...document.warnings]
  if (problem !== undefined) {
    const at = problem.linePos === undefined ? '' : `:${problem.linePos[0].line}:${problem.linePos[0].col}`
    throw unreadable(`${name}${at}`, problem)
  }
  try {
    return document.toJS() as unknown
  } catch (error) {
    throw unreadable(name, error as Error)
  }
}

function unreadable(place: string, { message }: Error): CommandError {
  return new CommandError(`${place}: ${message.split('\n', 1)[0]}`, EXIT.usage)
}

function placeOf(text: string, position: number): string {
  const before = text.slice(0, position).split('\n')
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`
}
