import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const WATCH = fileURLToPath(new URL('wrong-file-watch.mjs', import.meta.url))

export interface Watched {
  readonly rounds: number
  readonly hashed: number
  readonly wrong: readonly string[]
}

/** Another process that looks again and again at every file of a published version, until it is asked what it saw. */
export async function watchFiles(resources: string, published: string): Promise<() => Promise<Watched>> {
  const child = spawn(process.execPath, [WATCH, join(resources, 'manifest.json'), published], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  await once(lines, 'line')
  return async () => {
    child.kill()
    const [line] = (await once(lines, 'line')) as [string]
    return JSON.parse(line) as Watched
  }
}
