import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { collect, LONG_LEASE_MS, newHost, newRun, node, shell, stateOf, until } from './helpers.js'

test('both streams, each as it was printed', async () => {
  const script = await newHost().start(newRun(), shell('echo out; echo err >&2; printf "no line end"'), LONG_LEASE_MS)
  expect(await collect(script)).toEqual({ stdout: 'out\nno line end', stderr: 'err\n' })
})

test('a script may open /dev/stdout and /dev/stderr', async () => {
  const script = await newHost().start(newRun(), shell('echo out > /dev/stdout; echo err > /dev/stderr'), LONG_LEASE_MS)
  expect(await collect(script)).toEqual({ stdout: 'out\n', stderr: 'err\n' })
})

test('so may many scripts that are started at once', async () => {
  const host = newHost()
  const outputs = await Promise.all(
    Array.from({ length: 20 }, async (_, index) =>
      collect(await host.start(newRun(), shell(`echo out ${index} > /dev/stdout; echo err ${index} > /dev/stderr`), LONG_LEASE_MS)),
    ),
  )
  expect(outputs).toEqual(outputs.map((_, index) => ({ stdout: `out ${index}\n`, stderr: `err ${index}\n` })))
})

test('what is printed is read in order', async () => {
  const script = await newHost().start(
    newRun(),
    node(`
    const { writeSync } = require('node:fs')
    const { execFileSync } = require('node:child_process')
    process.stdout.write('first ')
    setTimeout(() => { process.stderr.write('second '); setTimeout(() => process.stdout.write('third'), 100) }, 100)
  `),
    LONG_LEASE_MS,
  )
  let text = ''
  for await (const { bytes } of script.output) text += Buffer.from(bytes).toString()
  expect(text).toBe('first second third')
})

test('a program that prints nothing', async () => {
  const script = await newHost().start(newRun(), shell('true'), LONG_LEASE_MS)
  expect(await collect(script)).toEqual({ stdout: '', stderr: '' })
  expect(await script.exit).toEqual({ exitCode: 0, signal: null })
})

test('a million lines, none lost', async () => {
  const script = await newHost().start(newRun(), shell('seq 1000000'), LONG_LEASE_MS)
  const { stdout } = await collect(script)
  const lines = stdout.split('\n')
  expect(lines).toHaveLength(1_000_001)
  expect(lines.findIndex((line, index) => index < 1_000_000 && line !== String(index + 1))).toBe(-1)
})

test('a line of 10 MB', async () => {
  const script = await newHost().start(newRun(), node(`process.stdout.write('x'.repeat(10_000_000) + '\\n')`), LONG_LEASE_MS)
  const { stdout } = await collect(script)
  expect(stdout).toHaveLength(10_000_001)
})

test('bytes that are no text', async () => {
  const hash = createHash('sha256')
  const script = await newHost().start(
    newRun(),
    node(`
    const bytes = Buffer.alloc(1_000_000)
    for (let i = 0; i < bytes.length; i++) bytes[i] = (i * 31 + (i >> 8)) % 256
    process.stdout.write(bytes)
  `),
    LONG_LEASE_MS,
  )
  for await (const { bytes } of script.output) hash.update(bytes)
  const expected = Buffer.alloc(1_000_000)
  for (let i = 0; i < expected.length; i++) expected[i] = (i * 31 + (i >> 8)) % 256
  expect(hash.digest('hex')).toBe(createHash('sha256').update(expected).digest('hex'))
})

test('a program whose output is not read is held back, and goes on when it is read', async () => {
  const script = await newHost().start(newRun(), shell('exec yes'), LONG_LEASE_MS)
  const written = (): number => Number(/wchar: (\d+)/.exec(readFileSync(`/proc/${script.pid}/io`, 'latin1'))?.[1])
  // It sleeps in a write once the window and the pipe are full.
  let before = 0
  await until('it writes no more', () => {
    const last = before
    before = written()
    return stateOf(script.pid) === 'S' && before === last && before >= 256 * 1024
  })
  expect(before).toBeLessThan(1024 * 1024)

  let read = 0
  for await (const { bytes } of script.output) {
    read += bytes.length
    if (read > 20 * 1024 * 1024) break
  }
  expect(written()).toBeGreaterThan(20 * 1024 * 1024)
  expect(await script.stop(10_000)).toEqual({ exitCode: null, signal: 'SIGTERM' })
})

test('many tiny pieces wait in bounded number', async () => {
  const script = await newHost().start(
    newRun(),
    node(`
    const { writeSync } = require('node:fs')
    for (let i = 0; i < 20_000; i++) writeSync(1, 'x')
  `),
    LONG_LEASE_MS,
  )
  const { stdout } = await collect(script)
  expect(stdout).toBe('x'.repeat(20_000))
})

test('a reader that leaves does not hold the program back', async () => {
  const script = await newHost().start(newRun(), shell('seq 1000000; exit 3'), LONG_LEASE_MS)
  for await (const piece of script.output) if (piece.bytes.length > 0) break
  expect(await script.exit).toEqual({ exitCode: 3, signal: null })
})

test('exit does not wait for a reader', async () => {
  const script = await newHost().start(newRun(), shell('echo late'), LONG_LEASE_MS)
  expect(await script.exit).toEqual({ exitCode: 0, signal: null })
  expect(await collect(script)).toEqual({ stdout: 'late\n', stderr: '' })
})
