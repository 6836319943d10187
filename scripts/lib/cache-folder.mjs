import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** What is fetched for tests and benchmarks and never committed. */
export const CACHE = fileURLToPath(new URL('../../.cache', import.meta.url))

/**
 * Fills a folder of the cache in one step: what is broken off leaves nothing that looks whole.
 *
 * @param {string} folder where it ends up; what is there is replaced
 * @param {(temporary: string) => void} fill writes into a new folder
 */
export function fillFolder(folder, fill) {
  const temporary = `${folder}.${process.pid}.part`
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary, { recursive: true })
  try {
    fill(temporary)
    rmSync(folder, { recursive: true, force: true })
    renameSync(temporary, folder)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/**
 * Runs a command and gives what it printed.
 *
 * @param {string} what it is for, for people
 * @throws {Error} when it fails or is not there, with what it said
 */
export function run(what, command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (error?.code === 'ENOENT') throw new Error(`${what} needs the program ${command}, which is not installed here.`)
  if (error !== undefined) throw error
  if (status !== 0) throw new Error(`${what} failed: ${command} ${args.join(' ')} ended with ${status}.\n${stderr.trim().slice(-2000)}`)
  return stdout
}
