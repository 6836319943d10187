import type { ChildProcess } from 'node:child_process'
import { closeSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { closePipe } from './pipes.js'
import type { Pipe } from './pipes.js'

/** What becomes stdin, stdout and stderr of a program that is about to be started. */
export interface Outlets {
  /** As `spawn` takes them. */
  readonly stdio: readonly (number | 'ignore' | 'pipe')[]
  /** The program has them: gives what it prints, stdout first; one stream where both are the same. */
  takenBy(child: ChildProcess): readonly Readable[]
  /** The program has ended, and nothing of it is left that could print more. */
  left(): void
  /** No program was started. */
  drop(): void
}

/** @param pipes for stdout and stderr; a missing one is replaced by a socket */
export function pipeOutlets([out, err]: readonly [Pipe | undefined, Pipe | undefined]): Outlets {
  const reader = (pipe: Pipe | undefined, socket: Readable | null): Readable => {
    if (pipe === undefined) return socket as Readable
    closeSync(pipe.writeEnd)
    return new Socket({ fd: pipe.readEnd, readable: true, writable: false })
  }
  return {
    stdio: ['ignore', out?.writeEnd ?? 'pipe', err?.writeEnd ?? 'pipe'],
    takenBy: (child) => [reader(out, child.stdout), reader(err, child.stderr)],
    // A pipe says by itself when all that held it are gone.
    left: () => undefined,
    drop() {
      for (const pipe of [out, err]) if (pipe) closePipe(pipe)
    },
  }
}
