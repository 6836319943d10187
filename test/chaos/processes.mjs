import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Waits until `condition` gives something, at most `ms` milliseconds. Gives it, or undefined when the time is over. */
export async function until(ms, condition) {
  const giveUpAt = performance.now() + ms
  for (;;) {
    const value = await condition()
    if (value !== undefined && value !== false) return value
    if (performance.now() > giveUpAt) return undefined
    await wait(10)
  }
}

/** Living processes (no zombies) whose environment has `name=value`, each with the run of a job that it belongs to. */
export function processesWith(name, value) {
  const found = []
  for (const pid of processIds()) {
    const environment = readProc(pid, 'environ')?.split('\0')
    if (environment === undefined || !environment.includes(`${name}=${value}`) || !isAlive(pid)) continue
    const run = environment.find((entry) => entry.startsWith('HEADWAY_RUN='))?.slice('HEADWAY_RUN='.length)
    found.push({ pid, run })
  }
  return found
}

/** The process host of a server: its child that keeps scripts. */
export function processHostOf(serverPid) {
  return processIds().find(
    (pid) => statOf(pid)?.parent === serverPid && isAlive(pid) && readProc(pid, 'cmdline')?.includes('host-main.js') === true,
  )
}

export function isAlive(pid) {
  const stat = statOf(pid)
  return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X'
}

/** What a process holds in memory, in bytes. */
export function residentBytes(pid) {
  const status = readProc(pid, 'status') ?? ''
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024
}

/** What is alive and what it runs, for reports. */
export function describeProcess(pid) {
  const stat = statOf(pid)
  return `${pid} (state ${stat?.state}, parent ${stat?.parent}): ${readProc(pid, 'cmdline')?.replaceAll('\0', ' ')}`
}

/**
 * A free port below those that the system gives to clients: a client that comes back while no server listens
 * could otherwise be given the port itself, and talk to itself.
 */
export async function freePort(random) {
  for (;;) {
    const port = random.between(20_000, 31_999)
    const free = await new Promise((resolve) => {
      const server = createServer()
      server.once('error', () => resolve(false))
      server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
    })
    if (free) return port
  }
}

function processIds() {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
}

function statOf(pid) {
  const text = readProc(pid, 'stat')
  if (text === undefined) return undefined
  const [state, parent] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state, parent: Number(parent) }
}

function readProc(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return undefined
  }
}
