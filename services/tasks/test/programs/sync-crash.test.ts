import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderOf, newFolder, newTree, readManifest, run, sharedTree } from './support/programs.js'
import { currentOf, filesBelow, startProgram, syncWeb, wrongFiles } from './support/publishing.js'
import { watchFiles } from './support/watching.js'

const bigTree = (): Promise<string> => sharedTree('--files', '6000', '--bytes', '30M', '--platforms', 'web')
const args = (root: string, target: string): string[] => ['--root', root, '--version', 'v885', '--target', target, '--parallel', '1']
const parts = (target: string): string[] => filesBelow(target).filter((path) => path.includes('.headway-part-'))

test('a sync that is killed in the middle: nobody sees a wrong file, the old version stays current, and a second run goes on', async () => {
  const [root, target] = [await bigTree(), newFolder()]
  await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', target])
  const stopWatching = await watchFiles(folderOf(root, 'v885', 'web'), join(target, 'web/v885'))

  for (const copied of [/copied$/, /([5-9]\d\d|[1-9]\d{3}) of \d+ files copied$/]) {
    const sync = startProgram('sync-facebook.mjs', args(root, target))
    await sync.seen(copied)
    sync.child.kill('SIGKILL')
    expect(await sync.ended).toBe('SIGKILL')
    expect(currentOf(target)).toBe('v884')
  }
  const before = filesBelow(join(target, 'web/v885')).filter((path) => !path.includes('.headway-part-')).length
  expect(before).toBeGreaterThan(500)
  expect(before).toBeLessThan(3000)

  const ended = await syncWeb(root, target)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toContain(`Copied ${3000 - before} files`)
  expect(ended.stdout).toContain(`${before} were there already`)
  const watched = await stopWatching()
  expect(watched.wrong).toEqual([])
  expect(watched.hashed).toBeGreaterThan(500)
  expect([wrongFiles(root, target), parts(target), currentOf(target)]).toEqual([[], [], 'v885'])
})

test('a sync that is told to end removes what it was writing and gives the lock back', async () => {
  const [root, target] = [await bigTree(), newFolder()]
  const sync = startProgram('sync-facebook.mjs', args(root, target))
  await sync.seen(/copied$/)
  sync.child.kill('SIGTERM')
  expect(await sync.ended).toBe(143)
  expect(sync.lines.at(-1)).toBe('sync-facebook: Stopped by SIGTERM.')
  expect(parts(target)).toEqual([])
  expect(filesBelow(join(target, '.headway'))).toEqual([])
  expect(currentOf(target)).toBeUndefined()
  expect((await syncWeb(root, target)).code).toBe(0)
})

test('a target that vanishes in the middle ends the sync, and a second run puts it right', async () => {
  const [root, place] = [await bigTree(), newFolder()]
  const target = join(place, 'target')
  const sync = startProgram('sync-facebook.mjs', args(root, target))
  await sync.seen(/copied$/)
  sync.child.kill('SIGSTOP')
  rmSync(target, { recursive: true, force: true })
  sync.child.kill('SIGCONT')
  expect(await sync.ended).toBe(1)
  expect(sync.lines.at(-1)).toMatch(/^sync-facebook: .*target.*/)
  expect(currentOf(target)).toBeUndefined()
  expect((await syncWeb(root, target)).code).toBe(0)
  expect(wrongFiles(root, target)).toEqual([])
})

test('a target that becomes another one in the middle is not filled', async () => {
  const [root, place, outside] = [await bigTree(), newFolder(), newFolder()]
  const target = join(place, 'target')
  const sync = startProgram('sync-facebook.mjs', args(root, target))
  await sync.seen(/copied$/)
  sync.child.kill('SIGSTOP')
  rmSync(target, { recursive: true, force: true })
  symlinkSync(outside, target)
  sync.child.kill('SIGCONT')
  expect(await sync.ended).toBe(1)
  expect(filesBelow(outside)).toEqual([])
})

test('what a broken-off sync has left is cleared away, and only that', async () => {
  const [root, target] = [await newTree(), newFolder()]
  await syncWeb(root, target)
  const folder = join(target, 'web/v885', readManifest(folderOf(root, 'v885', 'web')).files[0]?.path ?? '', '..')
  writeFileSync(join(folder, '.headway-part-0123456789abcdef'), 'half')
  writeFileSync(join(target, 'web/.headway-part-0123456789abcdef'), 'half')
  writeFileSync(join(target, 'web/.headway-party'), 'mine')
  expect((await syncWeb(root, target)).code).toBe(0)
  expect(parts(target)).toEqual([])
  expect(readFileSync(join(target, 'web/.headway-party'), 'utf8')).toBe('mine')
})
