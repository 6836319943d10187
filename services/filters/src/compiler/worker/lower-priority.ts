import { readlinkSync } from 'node:fs'
import { basename } from 'node:path'
import { constants, setPriority } from 'node:os'

/**
 * Lowers the priority of the thread that calls it, and of the threads that it will start. Compilations are long and nobody minds if one
 * takes a little longer; streams and the store, which the main thread serves, are waited for by everybody. So where processors are few those
 * come first.
 *
 * Linux alone gives threads a priority of their own and tells their ids. It is called when the thread's modules are loaded: by then the
 * threads that read and write files for the whole process are there and keep their priority.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return
  try {
    setPriority(Number(basename(readlinkSync('/proc/thread-self'))), constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Where the system does not let it, all threads are equal.
  }
}
