import { readFileSync } from 'node:fs'

const LOOK_EVERY_MS = 50

/** Begins to look at the resident memory of a process. The answer gives by how much it grew at most since, in bytes. Linux only. */
export function peakMemory(pid) {
  const before = resident(pid)
  let most = before
  const look = () => (most = Math.max(most, resident(pid)))
  const timer = setInterval(look, LOOK_EVERY_MS)
  return () => {
    clearInterval(timer)
    look()
    return most - before
  }
}

function resident(pid) {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024
  } catch {
    return 0
  }
}
