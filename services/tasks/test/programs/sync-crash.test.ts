import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { folderOf, newFolder, newTree, readManifest, run } from './support/programs.js'
import { currentOf, filesBelow, startProgram, syncWeb, wrongFiles } from './support/publishing.js'

const WATCH = fileURLToPath(new URL('support/wrong-file-watch.mjs', import.meta.url))

interface Watched {
  rounds: number
  hashed: number
  wrong: string[]
}

/** Another process that looks at every published file again and again. */
async function watchFiles(root: string, target: string): Promise<() => Promise<Watched>> {
  const args = [WATCH, join(folderOf(root, 'v885', 'web'), 'manifest.json'), join(target, 'web/v885')]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines = createInterface({ input: child.stdout })
  await once(lines, 'line')
  return async () => {
    child.kill()
    const [line] = (await once(lines, 'line')) as [string]
    return JSON.parse(line) as Watched
  }
}

const bigTree = (): Promise<string> => newTree('--files', '8000', '--bytes', '80M', '--platforms', 'web')
const args = (root: string, target: string): string[] => ['--root', root, '--version', 'v885', '--target', target, '--parallel', '1']
const parts = (target: string): string[] => filesBelow(target).filter((path) => path.includes('.headway-part-'))

test('a sync that is killed in the middle: nobody sees a wrong file, the old version stays current, and a second run goes on', async () => {
  const [root, target] = [await bigTree(), newFolder()]
  await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', target])
  const stopWatching = await watchFiles(root, target)

  for (const copied of [/copied$/, /[1-9]\d{3} of \d+ files copied$/]) {
    const sync = startProgram('sync-facebook.mjs', args(root, target))
    await sync.seen(copied)
    sync.child.kill('SIGKILL')
    expect(await sync.ended).toBe('SIGKILL')
    expect(currentOf(target)).toBe('v884')
  }
  const before = filesBelow(join(target, 'web/v885')).filter((path) => !path.includes('.headway-part-')).length
  expect(before).toBeGreaterThan(1000)
  expect(before).toBeLessThan(4000)

  const ended = await syncWeb(root, target)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toContain(`Copied ${4000 - before} files`)
  expect(ended.stdout).toContain(`${before} were there already`)
  const watched = await stopWatching()
  expect(watched.wrong).toEqual([])
  expect(watched.hashed).toBeGreaterThan(1000)
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
