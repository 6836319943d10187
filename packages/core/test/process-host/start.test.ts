import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ScriptStartError } from '@headway/core'
import { expect, test } from 'vitest'
import { collect, LONG_LEASE_MS, newHost, newRun, node, shell } from './helpers.js'

async function startError(script: Parameters<ReturnType<typeof newHost>['start']>[1]): Promise<ScriptStartError> {
  const error: unknown = await newHost()
    .start(newRun(), script, LONG_LEASE_MS)
    .catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ScriptStartError)
  return error as ScriptStartError
}

test('a missing program is named', async () => {
  const error = await startError({ command: 'no-such-program', args: [], cwd: '/', env: { PATH: '/usr/bin:/bin' } })
  expect(error.code).toBe('ENOENT')
  expect(error.message).toContain('no-such-program')
})

test('a missing working directory is named, not the program', async () => {
  const error = await startError(shell('true', { cwd: '/no/such/folder' }))
  expect(error.code).toBe('ENOENT')
  expect(error.message).toBe('The working directory "/no/such/folder" does not exist.')
})

test('a file as working directory is refused', async () => {
  const error = await startError(shell('true', { cwd: '/etc/passwd' }))
  expect(error.code).toBe('ENOTDIR')
  expect(error.message).toContain('/etc/passwd')
})

test('a program that may not be executed', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'headway-test-')), 'program')
  writeFileSync(file, '#!/bin/sh\n')
  chmodSync(file, 0o600)
  const error = await startError({ command: file, args: [], cwd: '/', env: {} })
  expect(error.code).toBe('EACCES')
})

test('arguments that are too large for the system', async () => {
  const error = await startError({ ...shell('true'), args: ['-c', 'true', 'x'.repeat(4 * 1024 * 1024)] })
  expect(error.code).toBe('E2BIG')
})

test('an argument with a NUL is refused', async () => {
  const error = await startError({ ...shell('true'), args: ['a\0b'] })
  expect(error.code).toBe('EINVAL')
})

test('arguments arrive as they are, and nothing but the given environment and the mark of the run', async () => {
  const run = newRun()
  const args = ['a b', '$(id)', '; rm -rf /', '*', 'two\nlines', '', '--option', '"quoted"']
  const script = await newHost().start(
    run,
    { ...node('console.log(JSON.stringify([process.argv.slice(1), process.env]))', '--', ...args), env: { ONE: '1' } },
    LONG_LEASE_MS,
  )
  const { stdout } = await collect(script)
  expect(JSON.parse(stdout)).toEqual([args, { ONE: '1', HEADWAY_RUN: run }])
})

test('stdin is empty, and the working directory is as given', async () => {
  const script = await newHost().start(newRun(), shell('cat; pwd', { cwd: '/usr' }), LONG_LEASE_MS)
  expect(await collect(script)).toEqual({ stdout: '/usr\n', stderr: '' })
})

test('the program leads a session and a group of its own', async () => {
  const script = await newHost().start(newRun(), shell('cat /proc/$$/stat'), LONG_LEASE_MS)
  const fields = (await collect(script)).stdout.split(' ')
  expect([fields[0], fields[4], fields[5]]).toEqual([String(script.pid), String(script.pid), String(script.pid)])
})

test.each([0, 1, 42, 255])('exit code %i', async (code) => {
  const script = await newHost().start(newRun(), shell(`exit ${code}`), LONG_LEASE_MS)
  expect(await script.exit).toEqual({ exitCode: code, signal: null })
})

test.each(['SIGKILL', 'SIGTERM', 'SIGSEGV'] as const)('ended by %s', async (signal) => {
  const script = await newHost().start(newRun(), shell(`kill -${signal.slice(3)} $$`), LONG_LEASE_MS)
  expect(await script.exit).toEqual({ exitCode: null, signal })
})

test('programs of one host run side by side', async () => {
  const host = newHost()
  const scripts = await Promise.all(
    Array.from({ length: 20 }, (_, index) => host.start(newRun(), shell(`echo ${index}; exit ${index}`), LONG_LEASE_MS)),
  )
  const outputs = await Promise.all(scripts.map(collect))
  const exits = await Promise.all(scripts.map(({ exit }) => exit))
  expect(outputs.map(({ stdout }) => Number(stdout))).toEqual(scripts.map((_, index) => index))
  expect(exits.map(({ exitCode }) => exitCode)).toEqual(scripts.map((_, index) => index))
})

test('a closed host starts nothing', async () => {
  const host = newHost()
  await host.close()
  await expect(host.start(newRun(), shell('true'), LONG_LEASE_MS)).rejects.toThrow('closed')
})
