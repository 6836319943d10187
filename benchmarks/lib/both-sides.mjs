import { seconds } from './clock.mjs'
import { countCpu } from './threads.mjs'

/**
 * Begins to count the processor time of both sides of a contender: its own process and the database's.
 *
 * @param {{ pid: number }} child
 * @param {string} name of the database, in the shares
 * @param {() => Promise<{ cpu: number }> | { cpu: number }} database what it used since, in seconds of processor time
 * @returns {(work: number) => Promise<object>} for so much work: `perCore`, that is work for each second of processor time; `cpu`, the shares of one core
 */
export function countBothSides(child, name, database) {
  const own = countCpu(child.pid)
  const start = seconds()
  return async (work) => {
    const shares = own()
    const elapsed = seconds() - start
    const { cpu, ...more } = await database()
    const all = { ...shares, [name]: cpu / elapsed }
    const used = Object.values(all).reduce((sum, share) => sum + share, 0) * elapsed
    return { perCore: work / used, nodeCost: ((used - cpu) / work) * 1e6, databaseCost: (cpu / work) * 1e6, cpu: all, ...more }
  }
}
