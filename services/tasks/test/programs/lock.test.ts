import { execFile, spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { newFolder, newTree, PROGRAMS, run, sharedTree } from './support/programs.js'
import { currentOf, filesBelow, startProgram, syncWeb, wrongFiles } from './support/publishing.js'
import type { Started } from './support/publishing.js'

const bigTree = (...more: string[]): Promise<string> => sharedTree('--files', '4000', '--bytes', '20M', '--versions', 'v885', ...more)
const args = (root: string, ...more: string[]): string[] => ['--root', root, '--version', 'v885', '--no-flush', '--parallel', '1', ...more]
const tickets = (target: string): string[] => filesBelow(join(target, '.headway')).filter((path) => path.startsWith('lock-'))

/** A sync that has the lock and is suspended in the middle. */
async function suspended(root: string, target: string): Promise<Started> {
  const sync = startProgram('sync-facebook.mjs', args(root, '--target', target))
  await sync.seen(/copied$/)
  sync.child.kill('SIGSTOP')
  return sync
}

test('a second sync of a target is refused with who has it; when that one ends, it goes on', async () => {
  const [root, target] = [await bigTree('--platforms', 'web'), newFolder()]
  const first = await suspended(root, target)
  const refused = await syncWeb(root, target)
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(
    new RegExp(`^sync-facebook: ${target} is locked by sync-facebook on ${hostname()}, process ${first.pid}, since 20\\d\\d-`),
  )
  const waiting = startProgram('sync-facebook.mjs', args(root, '--target', target, '--wait-lock', '2m'))
  await waiting.seen(/^Waiting for the lock/)
  first.child.kill('SIGCONT')
  expect(await first.ended).toBe(0)
  expect(await waiting.ended).toBe(0)
  expect(waiting.lines.join('\n')).toContain('files are there already')
  expect(tickets(target)).toEqual([])
})

test('a dry run needs no lock', async () => {
  const [root, target] = [await bigTree('--platforms', 'web'), newFolder()]
  await suspended(root, target)
  expect((await syncWeb(root, target, '--dry-run')).code).toBe(0)
})

test('a lock is kept by a suspended process, however old it is, and taken over from a dead one at once', async () => {
  const [root, target] = [await bigTree('--platforms', 'web'), newFolder()]
  const first = await suspended(root, target)
  const [ticket = ''] = tickets(target)
  const longAgo = new Date(Date.now() - 86_400_000)
  utimesSync(join(target, '.headway', ticket), longAgo, longAgo)
  expect((await syncWeb(root, target)).code).toBe(1)
  first.child.kill('SIGKILL')
  await first.ended
  expect(await syncWeb(root, target)).toMatchObject({ code: 0, stderr: '' })
  expect(wrongFiles(root, target)).toEqual([])
  expect(tickets(target)).toEqual([])
})

/** Runs a command as nobody, in a /proc that hides the processes of others. */
const HIDDEN = [
  '-m',
  'sh',
  '-c',
  'mount -t proc -o hidepid=2 proc /proc && exec setpriv --reuid 65534 --regid 65534 --clear-groups "$@"',
  'sh',
]
const canHide = spawnSync('unshare', [...HIDDEN, 'sh', '-c', '! test -e /proc/1/stat']).status === 0

test.skipIf(!canHide)('a lock is kept by a process that /proc hides, until it was not renewed for long', async () => {
  const [root, target] = [await bigTree('--platforms', 'web'), newFolder()]
  const first = await suspended(root, target)
  for (const folder of [root, target, join(target, '.headway'), join(target, 'web'), join(target, 'web/v885')]) chmodSync(folder, 0o777)
  const sync = [process.execPath, join(PROGRAMS, 'sync-facebook.mjs'), ...args(root, '--target', target)]
  const hidden = (): Promise<unknown> => promisify(execFile)('unshare', [...HIDDEN, ...sync])
  await expect(hidden()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`is locked by sync-facebook on ${hostname()}, process ${first.pid}`) as string,
  })
  const [ticket = ''] = tickets(target)
  const old = new Date(Date.now() - 10 * 60_000)
  utimesSync(join(target, '.headway', ticket), old, old)
  await expect(hidden()).rejects.toMatchObject({ stderr: expect.not.stringContaining('is locked') as string })
  expect(tickets(target)).toEqual([])
})

test('of a lock on another machine only its age is known', async () => {
  const [root, target] = [await newTree(), newFolder()]
  expect((await syncWeb(root, target)).code).toBe(0)
  const file = join(target, '.headway/lock-0.json')
  const elsewhere = {
    program: 'sync-native',
    host: 'elsewhere',
    scope: 'another boot',
    pid: process.pid,
    startedAt: '1',
    since: '2025-01-01',
  }
  writeFileSync(file, JSON.stringify({ ...elsewhere, held: true }))
  expect((await syncWeb(root, target)).stderr).toContain('locked by sync-native on elsewhere')
  const old = new Date(Date.now() - 10 * 60_000)
  utimesSync(file, old, old)
  expect((await syncWeb(root, target)).code).toBe(0)
  expect(tickets(target)).toEqual([])
})

test('a ticket that can not be read counts as a lock until it is old', async () => {
  const [root, target] = [await newTree(), newFolder()]
  await syncWeb(root, target)
  writeFileSync(join(target, '.headway/lock-broken.json'), '{')
  expect((await syncWeb(root, target)).stderr).toContain('is locked by an unknown program')
})

test('of many that begin at once each has the target alone, one after the other', async () => {
  const [root, target] = [await newTree(), newFolder()]
  const syncs = Array.from({ length: 5 }, () => startProgram('sync-facebook.mjs', args(root, '--target', target, '--wait-lock', '5m')))
  expect(await Promise.all(syncs.map((sync) => sync.ended))).toEqual([0, 0, 0, 0, 0])
  const copied = syncs.filter(({ lines }) => lines.some((line) => line.startsWith('Copied 30 files')))
  const found = syncs.filter(({ lines }) => lines.some((line) => line.startsWith('All 30 files are there')))
  expect([copied.length, found.length]).toEqual([1, 4])
})

test('a sync whose lock somebody has taken away publishes nothing', async () => {
  const [root, target] = [await bigTree('--platforms', 'web'), newFolder()]
  const first = await suspended(root, target)
  const [ticket = ''] = tickets(target)
  const file = join(target, '.headway', ticket)
  const other = { ...(JSON.parse(readFileSync(file, 'utf8')) as object), host: 'elsewhere', scope: 'another boot', held: true }
  writeFileSync(join(target, '.headway/lock-other.json'), JSON.stringify(other))
  first.child.kill('SIGCONT')
  expect(await first.ended).toBe(1)
  expect(first.lines.at(-1)).toContain('lost: it is held by sync-facebook on elsewhere')
  expect(currentOf(target)).toBeUndefined()
})

test('full-sync has both targets from its beginning to its end', async () => {
  const [root, published] = [await bigTree(), newFolder()]
  const release = startProgram('full-sync.mjs', args(root, '--publish', published))
  await release.seen(/copied$/)
  release.child.kill('SIGSTOP')
  for (const program of ['sync-facebook.mjs', 'sync-native.mjs', 'full-sync.mjs']) {
    const refused = await run(program, args(root, '--publish', published))
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('is locked by full-sync') as string })
  }
  release.child.kill('SIGCONT')
  expect(await release.ended).toBe(0)
  expect((await run('full-sync.mjs', args(root, '--publish', published))).code).toBe(0)
})
