import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from './temporary-folder.mjs'

const REPORT = fileURLToPath(new URL('../programs/report-usage.cjs', import.meta.url))

let folder

/**
 * Runs a program of Node to its end, in a process of its own.
 *
 * @param {string[]} args the program and its arguments
 * @returns {Promise<{ processor: number, seconds: number, memory: number }>} processor time of all its threads, start-up included, and wall time, in seconds;
 *   peak of its resident memory, in MiB
 * @throws {Error} when it fails, with what it said
 */
export async function measureUsage(args) {
  folder ??= temporaryFolder()
  const file = join(folder, 'usage.json')
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--require', REPORT, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, HEADWAY_USAGE: file },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)))
  const [code, signal] = await once(child, 'close')
  if (code !== 0) throw new Error(`${args[0]} ended with ${signal ?? code}: ${said}`)
  return { ...JSON.parse(readFileSync(file, 'utf8')), seconds: (performance.now() - startedAt) / 1000 }
}
