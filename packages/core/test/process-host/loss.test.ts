import { readFileSync } from 'node:fs'
import { killLeftovers, ProcessHostLostError } from '@headway/core'
import type { ProcessHost, ScriptProcess } from '@headway/core'
import { afterEach, expect, test, vi } from 'vitest'
import { alivePidsOf, fakeServer, isAlive, isSuspended, LONG_LEASE_MS, newHost, newRun, node, shell, until } from './helpers.js'

const STUBBORN = `trap '' TERM HUP INT; sleep 1000 & setsid sleep 1000 & echo ready; while :; do sleep 0.01; done`

/** The host of a program: its parent. */
function parentOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

test('kill -9 of the server leaves nothing: no program, no child, no host', async () => {
  const run = newRun()
  const server = await fakeServer(run, LONG_LEASE_MS, 'sh', '-c', STUBBORN)
  await server.nextLine()
  await until('all run', () => alivePidsOf(run).length >= 3)
  const host = parentOf(server.scriptPid)
  server.kill('SIGKILL')
  await server.ended
  await until('nothing is left', () => alivePidsOf(run).length === 0 && !isAlive(host))
})

test('kill -9 of the server reaches a suspended program', async () => {
  const run = newRun()
  const server = await fakeServer(run, LONG_LEASE_MS, 'sh', '-c', STUBBORN)
  await server.nextLine()
  process.kill(-server.scriptPid, 'SIGSTOP')
  await until('it is stopped', () => isSuspended(server.scriptPid))
  server.kill('SIGKILL')
  await until('nothing is left', () => alivePidsOf(run).length === 0)
})

test('a frozen server loses its programs when the lease is over', async () => {
  const run = newRun()
  const server = await fakeServer(run, 1_500, 'sh', '-c', STUBBORN)
  server.kill('SIGSTOP')
  await until('the programs are gone', () => alivePidsOf(run).length === 0)
  server.kill('SIGCONT')
  const lines = [await server.nextLine(), await server.nextLine()]
  expect(lines).toContain('exit null SIGKILL')
  server.kill('SIGKILL')
})

test('a lease that is extended goes on, and ends when it is not any more', async () => {
  const host = newHost()
  const [kept, dropped] = [newRun(), newRun()]
  const keptScript = await host.start(kept, shell('sleep 1000'), 400)
  const droppedScript = await host.start(dropped, shell('sleep 1000'), 400)
  host.extend([kept], LONG_LEASE_MS)
  expect(await droppedScript.exit).toEqual({ exitCode: null, signal: 'SIGKILL' })
  expect(isAlive(keptScript.pid)).toBe(true)
})

test('the signals of a terminal or a service manager do not end the host', async () => {
  const run = newRun()
  const host = newHost()
  const script = await host.start(run, shell('sleep 1000'), LONG_LEASE_MS)
  const pid = parentOf(script.pid)
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal)
  const other = await host.start(run, shell('exit 4'), LONG_LEASE_MS)
  expect(await other.exit).toEqual({ exitCode: 4, signal: null })
  expect(parentOf(script.pid)).toBe(pid)
})

test('the host leads a session of its own and carries no mark', async () => {
  const script = await newHost().start(newRun(), shell('sleep 1000'), LONG_LEASE_MS)
  const pid = parentOf(script.pid)
  expect(readFileSync(`/proc/${pid}/environ`, 'latin1')).toBe('')
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
  expect(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[3]).toBe(String(pid))
})

test('a lost host: its programs are killed, every promise says so, and the next start has a new host', async () => {
  const run = newRun()
  const host = newHost()
  const script = await host.start(run, shell(STUBBORN), LONG_LEASE_MS)
  const reader = script.output[Symbol.asyncIterator]()
  await reader.next()
  await until('all run', () => alivePidsOf(run).length >= 3)
  process.kill(parentOf(script.pid), 'SIGKILL')
  await expect(script.exit).rejects.toBeInstanceOf(ProcessHostLostError)
  expect(alivePidsOf(run)).toEqual([])
  await expect(script.stop(0)).rejects.toBeInstanceOf(ProcessHostLostError)
  await expect(reader.next()).rejects.toBeInstanceOf(ProcessHostLostError)
  const next = await host.start(newRun(), shell('exit 6'), LONG_LEASE_MS)
  expect(await next.exit).toEqual({ exitCode: 6, signal: null })
})

afterEach(() => {
  vi.useRealTimers()
})

/** A host that stands still with a program of a run. Timers stand still, too. */
async function frozenHost(run: string): Promise<{ host: ProcessHost; pid: number; script: ScriptProcess }> {
  const host = newHost()
  const script = await host.start(run, shell(STUBBORN), LONG_LEASE_MS)
  await until('all run', () => alivePidsOf(run).length >= 3)
  const pid = parentOf(script.pid)
  process.kill(pid, 'SIGSTOP')
  await until('it is stopped', () => isSuspended(pid))
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  return { host, pid, script }
}

test('a frozen host does not hold up the shutdown', async () => {
  const run = newRun()
  const { host, pid, script } = await frozenHost(run)
  const closed = host.close()
  vi.advanceTimersByTime(5_000)
  await closed
  expect(isAlive(pid)).toBe(false)
  expect(alivePidsOf(run)).toEqual([])
  await expect(script.exit).rejects.toBeInstanceOf(ProcessHostLostError)
})

test('a frozen host does not hold up the end of a run, and the next start has a new host', async () => {
  const run = newRun()
  const { host, pid, script } = await frozenHost(run)
  const killed = host.kill(run)
  vi.advanceTimersByTime(10_000)
  await killed
  expect(isAlive(pid)).toBe(false)
  expect(alivePidsOf(run)).toEqual([])
  await expect(script.exit).rejects.toThrow('It did not answer for 10000 ms.')
  const next = await host.start(newRun(), shell('exit 6'), LONG_LEASE_MS)
  expect(await next.exit).toEqual({ exitCode: 6, signal: null })
})

test('leftovers are found by their mark; others are left alone', async () => {
  const [left, kept] = [newRun(), newRun()]
  const host = newHost()
  await host.start(
    left,
    node(`require('node:child_process').spawn('sleep', ['1000'], { detached: true }); setInterval(() => 0, 1000)`),
    LONG_LEASE_MS,
  )
  const other = await host.start(kept, shell('sleep 1000'), LONG_LEASE_MS)
  await until('both run', () => alivePidsOf(left).length === 2)
  expect(await killLeftovers((run) => run === left)).toBe(2)
  expect(alivePidsOf(left)).toEqual([])
  expect(isAlive(other.pid)).toBe(true)
  expect(await killLeftovers((run) => run === left)).toBe(0)
})
