import { ChildProcess } from 'node:child_process'
import { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { terminalOutlets } from '../../src/process-host/host/terminal.js'
import { alivePidsOf, collect, firstLine, isAlive, isSuspended, LONG_LEASE_MS, newHost, newRun, shell, stateOf, until } from './helpers.js'

test('a program sees a terminal of 120 by 40, and its own environment wins', async () => {
  const code = 'for fd in 0 1 2; do test -t $fd && echo $fd; done; stty size; echo $TERM $COLUMNS $LINES; echo err >&2'
  const host = newHost()
  const script = await host.start(newRun(), shell(code, { pty: true }), LONG_LEASE_MS)
  expect(await collect(script)).toEqual({ stdout: '0\r\n1\r\n2\r\n40 120\r\nxterm-256color 120 40\r\nerr\r\n', stderr: '' })
  expect(await script.exit).toEqual({ exitCode: 0, signal: null })
  const env = { PATH: process.env.PATH ?? '', TERM: 'dumb' }
  const other = await host.start(newRun(), shell('echo $TERM', { pty: true, env }), LONG_LEASE_MS)
  expect((await collect(other)).stdout).toBe('dumb\r\n')
})

test('a program that reads finds the end of the input', async () => {
  const script = await newHost().start(newRun(), shell('cat; cat; echo over', { pty: true }), LONG_LEASE_MS)
  expect((await collect(script)).stdout).toBe('over\r\n')
})

test('nothing of the end is lost, however slowly it is read', async () => {
  const host = newHost()
  const script = await host.start(newRun(), shell('seq 100000; exit 3', { pty: true }), LONG_LEASE_MS)
  let text = ''
  let pieces = 0
  for await (const { bytes } of script.output) {
    text += Buffer.from(bytes).toString()
    pieces += 1
    // The reader comes to rest while the window is full, and the program ends while it does.
    if (pieces === 1) await until('the program waits or has ended', () => stateOf(script.pid) !== 'R')
  }
  expect(text).toBe(Array.from({ length: 100_000 }, (_, index) => `${index + 1}\r\n`).join(''))
  expect(await script.exit).toEqual({ exitCode: 3, signal: null })
})

test('what was read already when the program ends comes once', async () => {
  const { stdio, takenBy, left } = terminalOutlets()
  const [output] = takenBy(new ChildProcess())
  if (output === undefined) throw new Error('A terminal has one output.')
  const line = 'so many words'.padEnd(1022, '.')
  const print = async (): Promise<void> => {
    writeSync(Number(stdio[1]), `${line}\n`)
    await nextTurn()
  }
  // Nobody reads: it comes to rest, and what is printed then waits before it.
  output.read(0)
  let lines = 0
  for (; output.readableLength < output.readableHighWaterMark && lines < 1_000; lines += 1) await print()
  for (const atRest = lines; lines < atRest + 12; lines += 1) await print()
  left()
  expect((await text(output)).split('\r\n').filter((one) => one === line)).toHaveLength(lines)
})

test('many short programs lose nothing', async () => {
  const host = newHost()
  const all = await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const script = await host.start(newRun(), shell(`printf 'last words ${index}'`, { pty: true }), LONG_LEASE_MS)
      await script.exit
      return (await collect(script)).stdout
    }),
  )
  expect(all).toEqual(all.map((_, index) => `last words ${index}`))
})

test('a program whose output is not read is held back', async () => {
  const script = await newHost().start(newRun(), shell('exec yes', { pty: true }), LONG_LEASE_MS)
  const written = (): number => Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${script.pid}/io`, 'latin1'))?.[1])
  let before = 0
  await until('it writes no more', () => {
    const last = before
    before = written()
    return stateOf(script.pid) === 'S' && before === last && before >= 64 * 1024
  })
  expect(before).toBeLessThan(1024 * 1024)
  expect(await script.stop(10_000)).toEqual({ exitCode: null, signal: 'SIGTERM' })
})

test('the whole group is stopped, and can be suspended', async () => {
  const run = newRun()
  const script = await newHost().start(run, shell('sleep 1000 & echo $!; wait', { pty: true }), LONG_LEASE_MS)
  const pid = Number(await firstLine(script))
  expect(new Set(alivePidsOf(run))).toEqual(new Set([script.pid, pid]))
  script.suspend()
  await until('it stands still', () => isSuspended(pid))
  script.resume()
  await until('it goes on', () => stateOf(pid) === 'S')
  expect(await script.stop(10_000)).toEqual({ exitCode: null, signal: 'SIGTERM' })
  expect(isAlive(pid)).toBe(false)
})

test('what can not be started is said as for any program', async () => {
  const host = newHost()
  await expect(
    host.start(newRun(), { command: 'no-such-program', args: [], cwd: '/', env: {}, pty: true }, LONG_LEASE_MS),
  ).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(host.start(newRun(), shell('true', { pty: true, cwd: '/nowhere' }), LONG_LEASE_MS)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('no other program gets our side of a terminal', async () => {
  const host = newHost()
  const inTerminal = await host.start(newRun(), shell('ls -l /proc/self/fd; echo ready; exec sleep 1000', { pty: true }), LONG_LEASE_MS)
  let seen = ''
  for await (const { bytes } of inTerminal.output) {
    seen += Buffer.from(bytes).toString()
    if (seen.includes('ready')) break
  }
  const beside = await host.start(newRun(), shell('ls -l /proc/self/fd'), LONG_LEASE_MS)
  const { stdout } = await collect(beside)
  expect(stdout).toContain('/proc/')
  expect(seen + stdout).not.toContain('ptmx')
  expect(stdout).not.toContain('/dev/pts')
  await inTerminal.stop(0)
})

test('without the native module it is said what to do', () => {
  const load = (): never => {
    throw new Error('The binary for linux-riscv64 is missing.\nMore advice.')
  }
  expect(() => terminalOutlets(load)).toThrow(/--include=optional.*"pty: false".*riscv64 is missing\.$/)
})

test.each([
  ['the side of the program can not be opened', constants.O_RDWR, '/no/such/terminal'],
  ['nothing can be written to it', constants.O_RDONLY, '/dev/null'],
  ['it is no terminal', constants.O_RDWR, '/dev/null'],
])('a terminal that fails half-way leaves nothing open: %s', (_, flags, pty) => {
  const opened: number[] = []
  const open = (): object => {
    const [master, slave] = [openSync('/dev/null', flags), openSync('/dev/null', constants.O_RDWR)]
    opened.push(master, slave)
    return { master, slave, pty }
  }
  // The lowest number that is free is given out first: it shows whether one more stays open.
  const before = nextDescriptor()
  expect(() => terminalOutlets(() => ({ open }))).toThrow('No pseudo-terminal could be opened')
  for (const fd of opened) expect(() => fstatSync(fd)).toThrow('EBADF')
  expect(nextDescriptor()).toBe(before)
})

function nextDescriptor(): number {
  const fd = openSync('/dev/null', 'r')
  closeSync(fd)
  return fd
}
