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
 * @returns {boolean | undefined} undefined: it runs elsewhere, if it does
 */
export function isRunning(identity) {
  if (identity.scope === '' || identity.scope !== scope()) return undefined
  return startOf(identity.pid) === identity.startedAt
}

function scope() {
  try {
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()} ${readlinkSync('/proc/self/ns/pid')}`
  } catch {
    return ''
  }
}

/** When a process started, in ticks since the boot; undefined when it does not run. */
function startOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // The name of the program is in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? undefined : fields[19]
  } catch {
    return undefined
  }
}
