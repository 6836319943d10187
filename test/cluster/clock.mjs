import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const LIBRARIES = '/usr/lib'

/**
 * The time of day as one process sees it: libfaketime shifts it while the process runs. Timers and the clock that only goes forward are left as they are, as on a
 * machine whose time of day is set.
 */
export class Clock {
  #file
  /** How far it is from the true time, in seconds. */
  offset = 0

  /** @param {string} folder for the file that tells the process its offset */
  constructor(folder) {
    this.#file = join(folder, 'clock')
    this.set(0)
  }

  /** For the environment of the process, and of those that it starts with its own. */
  get env() {
    return {
      LD_PRELOAD: findLibrary(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      // It looks into the file once in so many seconds.
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      DONT_FAKE_MONOTONIC: '1',
    }
  }

  /** @param {number} seconds */
  set(seconds) {
    this.offset = seconds
    writeFileSync(this.#file, `${seconds < 0 ? '' : '+'}${seconds}`)
  }
}

/** @throws {Error} where it is not installed */
function findLibrary() {
  const folders = readdirSync(LIBRARIES).map((name) => join(LIBRARIES, name))
  // The one for programs with threads.
  const found = [LIBRARIES, ...folders].map((folder) => join(folder, 'faketime', 'libfaketimeMT.so.1')).find((path) => existsSync(path))
  if (found === undefined) throw new Error('libfaketime is not installed: apt-get install faketime')
  return found
}
