import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { constants, createWriteStream, openSync, rmSync } from 'node:fs'
import type { Stats } from 'node:fs'
import { open, realpath, rename, rm, stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import { basename, dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'

/** Where a list goes. */
export interface ListOutput {
  /** As messages name it. */
  readonly name: string
  /** Writes the whole list, whose text comes in parts. @throws the signal's reason, or what the system says */
  write(text: Iterable<string>, signal: AbortSignal): Promise<void>
  /** Takes away what is unfinished. */
  close(): Promise<void>
}

/**
 * A file that is replaced when the new list is complete: until then its name keeps what it had. What is no plain file (a pipe, `/dev/null`)
 * is written to as it is.
 *
 * @throws CommandError when nothing can be written there
 */
export async function openListFile(path: string): Promise<ListOutput> {
  try {
    return await fileOutput(path)
  } catch (error) {
    if (error instanceof CommandError) throw error
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new CommandError(`${path} can't be written: ${REASONS[code] ?? message}.`, EXIT.usage)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  EACCES: 'there is no permission',
  EROFS: 'nothing can be written there',
  ENXIO: 'nobody reads from this pipe',
}

async function fileOutput(path: string): Promise<ListOutput> {
  const there = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (there?.isDirectory() === true) throw new CommandError(`${path} is a folder; name a file in it.`, EXIT.usage)
  if (there !== undefined && !there.isFile()) return specialOutput(path, there)
  // Where the name is a link, it stays one.
  const target = there === undefined ? path : await realpath(path)
  const unfinished = join(dirname(target), `.${basename(target)}.${process.pid}.${randomBytes(4).toString('hex')}.tmp`)
  const file = await open(unfinished, 'wx', there === undefined ? 0o666 : there.mode & 0o777)
  // A second Ctrl-C ends the process where it is.
  const removeAtExit = (): void => rmSync(unfinished, { force: true })
  process.on('exit', removeAtExit)
  return {
    name: path,
    async write(text, signal) {
      for (const part of text) {
        signal.throwIfAborted()
        await file.writeFile(part)
      }
      await file.close()
      await rename(unfinished, target)
    },
    async close() {
      await file.close().catch(() => undefined)
      await rm(unfinished, { force: true })
      process.off('exit', removeAtExit)
    },
  }
}

/** @throws the system's ENXIO for a pipe that nobody reads */
function specialOutput(path: string, there: Stats): ListOutput {
  // A pipe is written to without a thread: one that waits for its reader can't be ended.
  const stream = there.isFIFO()
    ? new Socket({ fd: openSync(path, constants.O_WRONLY | constants.O_NONBLOCK), readable: false, writable: true })
    : createWriteStream(path)
  return {
    name: path,
    write: (text, signal) => pipeline(Readable.from(text), stream, { signal }),
    async close() {
      stream.destroy()
      await Promise.resolve()
    },
  }
}

/** The list on the standard output, as fast as it is read. */
export function stdoutOutput(): ListOutput {
  return {
    name: 'the standard output',
    async write(text, signal) {
      for (const part of text) {
        signal.throwIfAborted()
        if (!process.stdout.write(part)) await once(process.stdout, 'drain', { signal })
      }
    },
    close: () => Promise.resolve(),
  }
}
