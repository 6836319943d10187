import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf, newFolder, newTree, readManifest, run } from './support/programs.js'
import { changeManifest, currentOf, filesBelow, syncWeb, wrongFiles } from './support/publishing.js'

const web = (root: string): string => folderOf(root, 'v885', 'web')
const firstFile = (root: string): string => readManifest(web(root)).files[0]?.path ?? ''

/** Leaves the version one file, moved to `path`. */
function onlyFile(root: string, path: string): void {
  const bytes = readFileSync(join(web(root), firstFile(root)))
  for (const { path: old } of readManifest(web(root)).files)
    rmSync(join(web(root), old.split('/')[0] ?? ''), { recursive: true, force: true })
  changeManifest(web(root), (manifest) => ({ ...manifest, files: manifest.files.slice(0, 1).map((file) => ({ ...file, path })) }))
  mkdirSync(dirname(join(web(root), path)), { recursive: true })
  writeFileSync(join(web(root), path), bytes)
}

describe('what stands in the way on the target goes', () => {
  test('a folder of a version that is no more, where a file must be, and the other way round', async () => {
    const [root, target] = [await newTree(), newFolder()]
    onlyFile(root, 'extra/deep/x')
    expect((await syncWeb(root, target)).code).toBe(0)
    onlyFile(root, 'extra')
    expect(await syncWeb(root, target)).toMatchObject({ code: 0, stderr: '' })
    expect(wrongFiles(root, target)).toEqual([])
    onlyFile(root, 'extra/deep/x')
    expect(await syncWeb(root, target)).toMatchObject({ code: 0, stderr: '' })
    expect(filesBelow(join(target, 'web/v885'))).toEqual(['extra/deep/x', 'manifest.json'])
  })

  test('a folder where the manifest must be', async () => {
    const [root, target] = [await newTree(), newFolder()]
    for (const when of ['before anything else is there', 'after all else is there']) {
      rmSync(join(target, 'web/v885/manifest.json'), { force: true })
      mkdirSync(join(target, 'web/v885/manifest.json'), { recursive: true })
      writeFileSync(join(target, 'web/v885/manifest.json/x'), '')
      expect(await syncWeb(root, target), when).toMatchObject({ code: 0, stderr: '' })
      expect(wrongFiles(root, target), when).toEqual([])
    }
  })

  test('not what a link leads to', async () => {
    const [root, target, outside] = [await newTree(), newFolder(), newFolder()]
    writeFileSync(join(outside, 'mine'), '')
    const inTheWay = join(target, 'web/v885', firstFile(root))
    mkdirSync(inTheWay, { recursive: true })
    symlinkSync(outside, join(inTheWay, 'link'))
    expect(await syncWeb(root, target)).toMatchObject({ code: 0, stderr: '' })
    expect([wrongFiles(root, target), filesBelow(outside)]).toEqual([[], ['mine']])
  })

  test('unless all that is stray is to be kept: folders that are empty go, others are named', async () => {
    const [root, target] = [await newTree(), newFolder()]
    const inTheWay = join(target, 'web/v885', firstFile(root))
    mkdirSync(join(inTheWay, 'deep'), { recursive: true })
    expect((await syncWeb(root, target, '--keep-stray')).code).toBe(0)
    rmSync(inTheWay)
    mkdirSync(inTheWay)
    writeFileSync(join(inTheWay, 'stray'), '')
    expect(await syncWeb(root, target, '--keep-stray')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`${inTheWay} is a folder with files, but a file must be there. Without --keep-stray`) as string,
    })
    expect(filesBelow(inTheWay)).toEqual(['stray'])
  })
})

describe('the resources', () => {
  test('behind a link are not published, as a check says that they are missing', async () => {
    const [root, target, outside] = [await newTree(), newFolder(), newFolder()]
    const file = firstFile(root)
    const folder = file.split('/')[0] ?? ''
    execFileSync('mv', [join(web(root), folder), join(outside, 'moved')])
    symlinkSync(join(outside, 'moved'), join(web(root), folder))
    const ended = await syncWeb(root, target)
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining(`${file} is behind a link or no folder`) as string })
    expect(currentOf(target)).toBeUndefined()
  })

  test('that are a link themselves are refused by check and sync alike, with where they are', async () => {
    const [root, target, outside] = [await newTree(), newFolder(), newFolder()]
    execFileSync('mv', [web(root), join(outside, 'web')])
    symlinkSync(join(outside, 'web'), web(root))
    const message = `${web(root)} is a link, which may lead out of ${root}`
    const check = await run('check-integrity.mjs', ['--root', root, '--version', 'v885', '--platform', 'web'])
    expect(check).toMatchObject({ code: 1, stderr: expect.stringContaining(message) as string })
    expect(await syncWeb(root, target)).toMatchObject({ code: 1, stderr: expect.stringContaining(message) as string })
  })

  test('are blamed for what is wrong with them, not the target', async () => {
    const [root, target] = [await newTree(), newFolder()]
    const folder = firstFile(root).split('/')[0] ?? ''
    rmSync(join(web(root), folder), { recursive: true })
    writeFileSync(join(web(root), folder), '')
    const ended = await syncWeb(root, target)
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('differ from the manifest') as string })
    expect(ended.stderr).not.toContain(target)
  })

  test('are published so that a web server can read them, whatever their mode', async () => {
    const [root, target] = [await newTree(), newFolder()]
    chmodSync(join(web(root), firstFile(root)), 0o600)
    expect((await syncWeb(root, target)).code).toBe(0)
    const modes = execFileSync('find', [join(target, 'web/v885'), '-type', 'f', '-printf', '%m\\n'], { encoding: 'utf8' })
    expect(new Set(modes.trim().split('\n'))).toEqual(new Set([(0o644 & ~process.umask()).toString(8)]))
  })
})

test('a manifest that is a named pipe or a link is refused, and nobody waits for it', async () => {
  const [root, target] = [await newTree(), newFolder()]
  await syncWeb(root, target)
  const check = (...more: string[]): ReturnType<typeof run> =>
    run('check-integrity.mjs', ['--root', root, '--version', 'v885', '--platform', 'web', ...more])
  const source = join(web(root), 'manifest.json')
  rmSync(source)
  execFileSync('mkfifo', [source])
  expect(await syncWeb(root, target)).toMatchObject({ code: 2, stderr: expect.stringContaining(`${source} is no regular file`) as string })
  expect(await check()).toMatchObject({ code: 2, stderr: expect.stringContaining(`${source} is no regular file`) as string })
  rmSync(source)
  symlinkSync(join(target, 'web/v885/manifest.json'), source)
  expect(await syncWeb(root, target)).toMatchObject({ code: 2, stderr: expect.stringContaining(`${source} is no regular file`) as string })
  const there = join(target, 'web/v885/manifest.json')
  rmSync(there)
  execFileSync('mkfifo', [there])
  expect(await check('--target', target)).toMatchObject({ code: 2, stderr: expect.stringContaining('is no regular file') as string })
})

describe('what can not be a target is named', () => {
  test('a file', async () => {
    const [root, folder] = [await newTree(), newFolder()]
    const file = join(folder, 'file')
    writeFileSync(file, '')
    for (const target of [file, join(file, 'below')]) {
      const { code, stderr } = await syncWeb(root, target)
      expect([code, stderr]).toEqual([1, expect.stringContaining(target)])
    }
  })

  test('a folder in a place that takes none', async () => {
    const { code, stderr } = await syncWeb(await newTree(), '/proc/nothing/there')
    expect([code, stderr]).toEqual([1, expect.stringContaining("The folder /proc/nothing/there can't be made")])
  })

  test('a folder where the pointer must be', async () => {
    const [root, target] = [await newTree(), newFolder()]
    mkdirSync(join(target, 'web/current.json'), { recursive: true })
    const { code, stderr } = await syncWeb(root, target)
    expect(code).not.toBe(0)
    expect(stderr).toContain(join(target, 'web/current.json'))
  })
})
