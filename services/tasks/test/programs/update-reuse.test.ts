import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { copyOf, newFolder, newSharedFolder, newTree, readManifest, run, sharedTree } from './support/programs.js'
import type { Ended } from './support/programs.js'
import { startProgram } from './support/publishing.js'

interface Reuse {
  current: { version: string; setAt: string }
  before: { version: string }[]
  history: { at: string; action: string; version: string }[]
}

const reuse = (published: string, ...args: string[]): Promise<Ended> => run('update-reuse.mjs', ['--publish', published, ...args])
const fileOf = (published: string): string => join(published, 'staging/reuse.json')
const read = (published: string): Reuse => JSON.parse(readFileSync(fileOf(published), 'utf8')) as Reuse

let both: Promise<string> | undefined

/** A place where both versions are published. */
async function publishedVersions(): Promise<string> {
  return copyOf(await (both ??= publishBoth()))
}

async function publishBoth(): Promise<string> {
  const [root, published] = [await sharedTree(), newSharedFolder()]
  for (const version of ['v884', 'v885']) {
    for (const program of ['sync-facebook.mjs', 'sync-native.mjs']) {
      expect((await run(program, ['--root', root, '--version', version, '--publish', published])).code).toBe(0)
    }
  }
  return published
}

test('sets a version, keeps what was before, and goes back', async () => {
  const published = await publishedVersions()
  expect(await reuse(published, '--show')).toMatchObject({ code: 0, stdout: 'No reuse version is set.\n' })
  await reuse(published, '--version', 'v884')
  expect(await reuse(published, '--version', 'v885')).toMatchObject({ code: 0, stdout: 'The reuse version is now v885.\n' })
  expect(read(published)).toMatchObject({ current: { version: 'v885' }, before: [{ version: 'v884' }] })
  expect(await reuse(published, '--rollback')).toMatchObject({ code: 0, stdout: 'The reuse version is now v884.\n' })
  const after = read(published)
  expect(after).toMatchObject({ current: { version: 'v884' }, before: [] })
  expect(after.history.map(({ action, version }) => `${action} ${version}`)).toEqual(['rollback v884', 'set v885', 'set v884'])
  expect(after.history.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true)
  expect((await reuse(published, '--show')).stdout).toMatch(/^Reuse version: v884, set at .*\nHistory: .* rollback v884\n/)
  expect(await reuse(published, '--rollback')).toMatchObject({ code: 2, stderr: expect.stringContaining('no earlier') as string })
})

test('the same version again changes nothing; the history has an end', async () => {
  const published = await publishedVersions()
  await reuse(published, '--version', 'v884')
  const before = readFileSync(fileOf(published), 'utf8')
  expect((await reuse(published, '--version', 'v884')).stdout).toContain('already')
  expect(readFileSync(fileOf(published), 'utf8')).toBe(before)
  const many = Array.from({ length: 50 }, () => ({ at: '2025-01-01T00:00:00.000Z', action: 'set', version: 'v1' }))
  const old = { ...read(published), before: many.slice(0, 20).map(({ version, at }) => ({ version, setAt: at })), history: many }
  writeFileSync(fileOf(published), JSON.stringify(old))
  await reuse(published, '--version', 'v885')
  expect([read(published).before.length, read(published).history.length]).toEqual([20, 50])
  expect(read(published).history[0]).toMatchObject({ action: 'set', version: 'v885' })
})

test('a version that is not published completely on both targets is refused', async () => {
  const published = await publishedVersions()
  await reuse(published, '--version', 'v884')
  expect(await reuse(published, '--version', 'v999')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('is not published') as string,
  })
  const android = join(published, 'staging/native/android/v885')
  rmSync(join(android, readManifest(android).files[0]?.path ?? ''))
  const refused = await reuse(published, '--version', 'v885')
  expect(refused).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('not published completely for android: 1 file of 30') as string,
  })
  rmSync(join(published, 'staging/facebook/web/v885/manifest.json'))
  expect((await reuse(published, '--version', 'v885')).stderr).toContain('is not published for web')
  expect((await reuse(published, '--env', 'production', '--version', 'v884')).code).toBe(1)
  expect(read(published).current.version).toBe('v884')
})

test('a dry run changes nothing', async () => {
  const published = await publishedVersions()
  expect(await reuse(published, '--version', 'v885', '--dry-run')).toMatchObject({
    code: 0,
    stdout: 'Would set the reuse version to v885.\n',
  })
  expect((await reuse(published, '--show')).stdout).toContain('No reuse version')
})

test('a broken file is said to be so, and a sync goes on without it', async () => {
  const published = await publishedVersions()
  writeFileSync(fileOf(published), '{"format": 1')
  for (const args of [['--show'], ['--version', 'v885'], ['--rollback']]) {
    expect(await reuse(published, ...args)).toMatchObject({ code: 2, stderr: expect.stringContaining('reuse.json is broken') as string })
  }
  const ended = await run('sync-facebook.mjs', ['--root', await newTree(), '--version', 'v885', '--publish', published])
  expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing is reused') as string })
})

test('who reads it never sees half of it, and of many changes none is lost', async () => {
  const published = await publishedVersions()
  await reuse(published, '--version', 'v884')
  const changes = ['v885', 'v884', 'v885', 'v884'].map((version) =>
    startProgram('update-reuse.mjs', ['--publish', published, '--version', version, '--wait-lock', '5m']),
  )
  const all = Promise.all(changes.map(({ ended }) => ended))
  while (changes.some(({ child }) => child.exitCode === null && child.signalCode === null)) {
    expect(read(published).current.version).toMatch(/^v88[45]$/)
    await new Promise(setImmediate)
  }
  expect(await all).toEqual([0, 0, 0, 0])
  const { history } = read(published)
  expect(history.slice(0, -1).every(({ version }, index) => version !== history[index + 1]?.version)).toBe(true)
})

test.each([
  [[]],
  [['--version', 'v885', '--rollback']],
  [['--version', '../x']],
  [['--show', '--rollback']],
  [['--version', 'v885', '--env', 'x']],
])('called with %j it is refused', async (args) => {
  expect(await reuse(newFolder(), ...args)).toMatchObject({ code: 2, stdout: '' })
})
