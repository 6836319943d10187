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
  #making: Promise<void> | undefined

  /** A pipe, or undefined when none can be made (no `mkfifo`, no room for temporary files). */
  async take(): Promise<Pipe | undefined> {
    if (this.#ready.length === 0) {
      this.#making ??= this.#make().finally(() => (this.#making = undefined))
      await this.#making
    }
    return this.#ready.pop()
  }

  /** Waits until nothing is being made any more: ending the process before would leave a folder behind. */
  async settled(): Promise<void> {
    await this.#making
  }

  async #make(): Promise<void> {
    try {
      const folder = mkdtempSync(join(tmpdir(), 'headway-pipes-'))
      try {
        const paths = Array.from({ length: BATCH }, (_, index) => join(folder, String(index)))
        await run('mkfifo', ['-m', '600', ...paths], { env: {} })
        for (const path of paths) this.#ready.push(openBothEnds(path))
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    } catch {
      // `take` says it by giving none.
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
