import { execFile } from 'node:child_process'
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Both ends of a pipe, as file descriptors. Whoever takes it closes them. */
export interface Pipe {
  readonly readEnd: number
  readonly writeEnd: number
}

/** How many pipes are made at once: making them needs a program, and having them ready costs two descriptors each. */
const BATCH = 8

/**
 * A stock of real pipes. Node connects a child's output by sockets, on which a script's `echo ... > /dev/stderr` fails (ENXIO); pipes
 * have no such trouble. They are made as named ones, which are opened and unlinked at once, so that nothing stays on the disk.
 */
export class PipeStock {
  readonly #ready: Pipe[] = []
  #making: Promise<boolean> | undefined
  #closed = false

  /** A pipe, or undefined when none can be made (no `mkfifo`, no room for temporary files) or the stock is closed. */
  async take(): Promise<Pipe | undefined> {
    // Many may wait for one batch, and it may not be enough for all of them.
    while (this.#ready.length === 0 && !this.#closed) {
      this.#making ??= this.#make().finally(() => (this.#making = undefined))
      if (!(await this.#making)) break
    }
    return this.#ready.pop()
  }

  /** No more are made. Waits for those that are being made: ending the process before would leave a folder behind. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#making
  }

  /** @returns false when it failed; a few pipes may be there even so */
  async #make(): Promise<boolean> {
    try {
      const folder = mkdtempSync(join(tmpdir(), 'headway-pipes-'))
      try {
        const paths = Array.from({ length: BATCH }, (_, index) => join(folder, String(index)))
        await run('mkfifo', ['-m', '600', ...paths], { env: {} })
        for (const path of paths) this.#ready.push(openBothEnds(path))
        return true
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    } catch {
      return false
    }
  }
}

export function closePipe(pipe: Pipe): void {
  closeSync(pipe.readEnd)
  closeSync(pipe.writeEnd)
}

function openBothEnds(path: string): Pipe {
  // Without O_NONBLOCK this would wait for a writer. The writer's end is a description of its own: it blocks, as programs expect.
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    return { readEnd, writeEnd: openSync(path, constants.O_WRONLY) }
  } catch (error) {
    closeSync(readEnd)
    throw error
  }
}
