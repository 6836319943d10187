import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'

/** How often the memory of a running command is looked at, in milliseconds; the peak that is read never falls. */
const LOOK_MS = 20

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ seconds: number, memory: number }>} wall time; peak of its resident memory, in MiB
 * @throws {Error} when it fails, with what it said, or is not there
 */
export async function measureCommand(command, args) {
  const startedAt = performance.now()
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said = (said + text).slice(-4000)))
  let memory = 0
  const timer = setInterval(() => (memory = Math.max(memory, peakOf(child.pid))), LOOK_MS)
  try {
    const [code, signal] = await once(child, 'close')
    if (code !== 0) throw new Error(`${command} ended with ${signal ?? code}: ${said}`)
    return { seconds: (performance.now() - startedAt) / 1000, memory }
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(`This benchmark needs ${command}: apt-get install ${command}`, { cause: error })
    throw error
  } finally {
    clearInterval(timer)
  }
}

/** The peak of a process's resident memory so far, in MiB; 0 when it has ended. */
function peakOf(pid) {
  try {
    const [, kibibytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1')) ?? []
    return Number(kibibytes ?? 0) / 1024
  } catch {
    return 0
  }
}
