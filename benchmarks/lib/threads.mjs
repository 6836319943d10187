import { readdirSync, readFileSync } from 'node:fs'
import { seconds } from './clock.mjs'

/** Of the kernel's figures; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** Ids of the threads of a process, oldest first. Linux only: elsewhere none are known. */
export function threadsOf(pid) {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .map(Number)
      .toSorted((a, b) => a - b)
  } catch {
    return []
  }
}

/** What each thread of a process has used so far, in seconds of processor time. */
function usage(pid) {
  const used = new Map()
  for (const tid of threadsOf(pid)) {
    try {
      const stat = readFileSync(`/proc/${pid}/task/${tid}/stat`, 'utf8')
      const open = stat.indexOf('(')
      const end = stat.lastIndexOf(')')
      const fields = stat.slice(end + 2).split(' ')
      used.set(tid, { name: stat.slice(open + 1, end), seconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND })
    } catch {
      // The thread has ended meanwhile.
    }
  }
  return used
}

/**
 * Begins to count. The answer gives what each thread of the process has used since, as a share of one core.
 *
 * @param names what is known of its threads, by id; others go by the name that the kernel has, if it is not that of the program
 */
export function countCpu(pid, names = {}) {
  const before = usage(pid)
  const start = seconds()
  return () => {
    const elapsed = seconds() - start
    const shares = {}
    for (const [tid, { name, seconds: used }] of usage(pid)) {
      const label = tid === pid ? 'main' : (names[tid] ?? (name === 'node' ? 'rest' : name))
      shares[label] = (shares[label] ?? 0) + (used - (before.get(tid)?.seconds ?? 0)) / elapsed
    }
    return shares
  }
}
