import { expect, test } from 'vitest'
import {
  alivePidsOf,
  collect,
  firstLine,
  isAlive,
  isSuspended,
  LONG_LEASE_MS,
  newHost,
  newRun,
  node,
  shell,
  stateOf,
  until,
} from './helpers.js'

test('stop lets a program end by itself', async () => {
  const script = await newHost().start(newRun(), shell(`trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done`), LONG_LEASE_MS)
  await firstLine(script)
  expect(await script.stop(60_000)).toEqual({ exitCode: 7, signal: null })
})

test('a program that ignores SIGTERM is killed after the grace', async () => {
  const run = newRun()
  const script = await newHost().start(run, shell(`trap '' TERM; echo ready; while :; do sleep 0.01; done`), LONG_LEASE_MS)
  await firstLine(script)
  expect(await script.stop(50)).toEqual({ exitCode: null, signal: 'SIGKILL' })
  expect(alivePidsOf(run)).toEqual([])
})

test('a second stop shortens the grace', async () => {
  const script = await newHost().start(newRun(), shell(`trap '' TERM; echo ready; while :; do sleep 0.01; done`), LONG_LEASE_MS)
  await firstLine(script)
  const first = script.stop(3_600_000)
  const second = script.stop(0)
  expect(await second).toEqual({ exitCode: null, signal: 'SIGKILL' })
  expect(await first).toEqual({ exitCode: null, signal: 'SIGKILL' })
  expect(await script.stop(0)).toEqual({ exitCode: null, signal: 'SIGKILL' })
})

test('after the end of a stopped program its children have the rest of the grace', async () => {
  const run = newRun()
  const child = `process.on('SIGTERM', () => setTimeout(() => { console.log('tidied up'); process.exit() }, 100)); console.log('ready'); setInterval(() => 0, 1000)`
  const script = await newHost().start(
    run,
    shell(`"$0" -e "$1" & wait`, { args: ['-c', '"$0" -e "$1" & wait', process.execPath, child] }),
    LONG_LEASE_MS,
  )
  const output = collect(script)
  await until('both run', () => alivePidsOf(run).length === 2)
  await until('the child listens', () => alivePidsOf(run).every((pid) => stateOf(pid) === 'S'))
  await script.stop(60_000)
  expect(alivePidsOf(run)).toEqual([])
  expect((await output).stdout).toMatch(/tidied up|^$/)
})

test('suspend and resume reach the whole group', async () => {
  const run = newRun()
  const script = await newHost().start(run, shell('sleep 1000 & echo ready; wait'), LONG_LEASE_MS)
  await firstLine(script)
  script.suspend()
  await until('all are stopped', () => alivePidsOf(run).length === 2 && alivePidsOf(run).every((pid) => isSuspended(pid)))
  script.resume()
  await until('all go on', () => alivePidsOf(run).every((pid) => stateOf(pid) === 'S'))
  await script.stop(60_000)
})

test('a suspended program gets its SIGTERM', async () => {
  const run = newRun()
  const script = await newHost().start(run, shell(`trap 'exit 7' TERM; echo ready; while :; do sleep 0.01; done`), LONG_LEASE_MS)
  await firstLine(script)
  script.suspend()
  await until('it is stopped', () => isSuspended(script.pid))
  expect(await script.stop(60_000)).toEqual({ exitCode: 7, signal: null })
})

test('children that are left behind in the group are killed with the end of the program', async () => {
  const run = newRun()
  const script = await newHost().start(run, shell('sleep 1000 & sleep 1000 & echo done'), LONG_LEASE_MS)
  expect(await collect(script)).toEqual({ stdout: 'done\n', stderr: '' })
  expect(await script.exit).toEqual({ exitCode: 0, signal: null })
  expect(alivePidsOf(run)).toEqual([])
})

test('children that escaped into a session of their own are killed with the end of the program', async () => {
  const run = newRun()
  const script = await newHost().start(
    run,
    node(`
      const { spawn } = require('node:child_process')
      const child = spawn('sleep', ['1000'], { detached: true, stdio: 'inherit' })
      child.once('spawn', () => { console.log(child.pid); process.exit(5) })
    `),
    LONG_LEASE_MS,
  )
  const { stdout } = await collect(script)
  expect(await script.exit).toEqual({ exitCode: 5, signal: null })
  expect(isAlive(Number(stdout))).toBe(false)
})

test('stop reaches what escaped', async () => {
  const run = newRun()
  const script = await newHost().start(run, shell('setsid sleep 1000 & echo ready; wait'), LONG_LEASE_MS)
  await firstLine(script)
  await until('the escaped one runs', () => alivePidsOf(run).length === 2)
  await script.stop(60_000)
  expect(alivePidsOf(run)).toEqual([])
})

test('what escaped and hides its mark holds the pipes open: the output ends all the same', async () => {
  const script = await newHost().start(
    newRun(),
    shell(`env -i setsid sleep 1000 & echo $!`, { env: { PATH: process.env.PATH ?? '' } }),
    LONG_LEASE_MS,
  )
  const { stdout } = await collect(script)
  expect(await script.exit).toEqual({ exitCode: 0, signal: null })
  process.kill(Number(stdout), 'SIGKILL')
})

test('the end of one program leaves another of the same run alone', async () => {
  const run = newRun()
  const host = newHost()
  const long = await host.start(run, shell('setsid sleep 1000 & echo ready; wait'), LONG_LEASE_MS)
  await firstLine(long)
  await until('it runs with its child', () => alivePidsOf(run).length === 2)
  const short = await host.start(run, shell('sleep 1000 & true'), LONG_LEASE_MS)
  await short.exit
  expect(alivePidsOf(run)).toHaveLength(2)
  await long.stop(60_000)
  expect(alivePidsOf(run)).toEqual([])
})

test('kill ends everything of one run and nothing of another', async () => {
  const [first, second] = [newRun(), newRun()]
  const host = newHost()
  const scripts = await Promise.all([first, first, second].map((run) => host.start(run, shell('sleep 1000 & wait'), LONG_LEASE_MS)))
  await host.kill(first)
  expect(alivePidsOf(first)).toEqual([])
  expect(await scripts[0]?.exit).toEqual({ exitCode: null, signal: 'SIGKILL' })
  expect(await scripts[1]?.exit).toEqual({ exitCode: null, signal: 'SIGKILL' })
  expect(alivePidsOf(second).length).toBeGreaterThan(0)
})

test('close kills everything and says so', async () => {
  const run = newRun()
  const host = newHost()
  const script = await host.start(run, shell('sleep 1000 & wait'), LONG_LEASE_MS)
  await host.close()
  expect(await script.exit).toEqual({ exitCode: null, signal: 'SIGKILL' })
  expect(alivePidsOf(run)).toEqual([])
})

test('a run that is killed while its program is being started has no program afterwards', async () => {
  const host = newHost()
  // The host's pipes are made now, so that what follows is in one go.
  await (
    await host.start(newRun(), shell('true'), LONG_LEASE_MS)
  ).exit
  for (let round = 0; round < 20; round += 1) {
    const run = newRun()
    const started = host.start(run, shell('sleep 1000'), LONG_LEASE_MS).then(
      ({ exit }) => exit,
      (error: unknown) => error,
    )
    await host.kill(run)
    expect(alivePidsOf(run)).toEqual([])
    expect(['ScriptStartError', undefined]).toContain(((await started) as { name?: string }).name)
    expect(alivePidsOf(run)).toEqual([])
  }
})
