import { readdirSync, readFileSync } from 'node:fs'

/** Of the kernel's figures; 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** Parent, and ticks of a process: its own, and with those of children that have ended. Undefined where it has ended. */
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number)
    return { parent: fields[1], ticks: fields[11] + fields[12] + fields[13] + fields[14] }
  } catch {
    return undefined
  }
}

/** Processor time that a process and all below it have used so far, with those that ended, in seconds. Linux only. */
function usedBy(root) {
  const stats = new Map()
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(name) : undefined
    if (stat !== undefined) stats.set(Number(name), stat)
  }
  const isBelow = (pid) => {
    for (let at = pid; at > 1; at = stats.get(at)?.parent ?? 0) if (at === root) return true
    return false
  }
  let ticks = 0
  for (const [pid, stat] of stats) if (isBelow(pid)) ticks += stat.ticks
  return ticks / TICKS_PER_SECOND
}

/** Begins to count. The answer gives the seconds of processor time that the process and all below it have used since. */
export function countTree(root) {
  const before = usedBy(root)
  return () => usedBy(root) - before
}
