import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/**
 * Who holds a lock. `scope` names the boot and the process namespace in which the pid counts, `startedAt` tells a process from a later one
 * with the same pid; both are empty where the system doesn't say.
 *
 * @typedef {{ host: string, scope: string, pid: number, startedAt: string }} ProcessIdentity
 */

/** @returns {ProcessIdentity} */
export function ownIdentity() {
  return { host: hostname(), scope: scope(), pid: process.pid, startedAt: startOf(process.pid) ?? '' }
}

/**
 * Whether a process runs, as far as this one can know.
 *
 * @param {ProcessIdentity} identity
 * @returns {boolean | undefined} undefined: it can't be known, because it runs elsewhere, or its start is not to be seen
 */
export function isRunning({ scope: itsScope, pid, startedAt }) {
  if (itsScope === '' || itsScope !== scope()) return undefined
  const start = startOf(pid)
  if (start !== undefined) return start === startedAt
  // A /proc that is mounted with hidepid does not show the processes of other users.
  return isThere(pid) ? undefined : false
}

function isThere(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code !== 'ESRCH'
  }
}

function scope() {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

/** When a process started, in ticks since the boot; `ended` for one that only waits to be taken note of; undefined when that is not to be seen. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program is in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'ended' : fields[19]
  } catch {
    return undefined
  }
}
