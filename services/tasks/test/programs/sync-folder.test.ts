import { appendFileSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf, newFolder, newTree, readManifest, run } from './support/programs.js'
import type { Manifest } from './support/programs.js'
import { changeManifest, currentOf, damage, filesBelow, syncWeb, wrongFiles } from './support/publishing.js'

const web = (root: string): string => folderOf(root, 'v885', 'web')
const firstFile = (root: string): string => readManifest(web(root)).files[0]?.path ?? ''

describe('sync-facebook and sync-native', () => {
  test('publish their platforms below the environment, and make them current', async () => {
    const [root, published] = [await newTree(), newFolder()]
    const options = ['--root', root, '--version', 'v885', '--env', 'production']
    expect(await run('sync-facebook.mjs', options, { HEADWAY_PUBLISH: published })).toMatchObject({ code: 0, stderr: '' })
    expect(await run('sync-native.mjs', options, { HEADWAY_PUBLISH: published })).toMatchObject({ code: 0, stderr: '' })
    for (const [target, platform] of [
      ['facebook', 'web'],
      ['native', 'ios'],
      ['native', 'android'],
    ] as const) {
      const place = join(published, 'production', target)
      expect(wrongFiles(root, place, platform)).toEqual([])
      expect(currentOf(place, platform)).toBe('v885')
    }
    expect(filesBelow(published).filter((path) => path.includes('.headway'))).toEqual([])
  })

  test('a second run copies nothing, and what is current says so once', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await syncWeb(root, target)
    const pointer = readFileSync(join(target, 'web/current.json'), 'utf8')
    const again = await syncWeb(root, target)
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('All 30 files are there already.') as string })
    expect(readFileSync(join(target, 'web/current.json'), 'utf8')).toBe(pointer)
  })

  test('only what differs is copied: missing, changed, and damaged with its size kept', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await syncWeb(root, target)
    const there = join(target, 'web/v885')
    const [a, b, c, ...rest] = readManifest(there).files.map(({ path }) => path) as [string, string, string, ...string[]]
    const times = rest.map((path) => statSync(join(there, path)).mtimeMs)
    rmSync(join(there, a))
    appendFileSync(join(there, b), 'x')
    damage(join(there, c))
    expect((await syncWeb(root, target)).stdout).toContain('Copied 3 files')
    expect(wrongFiles(root, target)).toEqual([])
    expect(rest.map((path) => statSync(join(there, path)).mtimeMs)).toEqual(times)
  })

  test('what the manifest does not list is removed, with folders that are empty then, unless it is to be kept', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await syncWeb(root, target)
    const stray = join(target, 'web/v885/old/set/file')
    mkdirSync(join(stray, '..'), { recursive: true })
    writeFileSync(stray, '')
    writeFileSync(join(target, 'web/beside'), '')
    await syncWeb(root, target, '--keep-stray')
    expect(existsSync(stray)).toBe(true)
    expect((await syncWeb(root, target)).stdout).toContain('Removed 1 file')
    expect(existsSync(join(target, 'web/v885/old'))).toBe(false)
    expect(existsSync(join(target, 'web/beside'))).toBe(true)
  })

  test('another version is published beside the first, which stays', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', target])
    await syncWeb(root, target)
    expect(currentOf(target)).toBe('v885')
    expect(wrongFiles(root, target, 'web', 'v884')).toEqual([])
  })

  test('a dry run says what would be done and changes nothing', async () => {
    const [root, target] = [await newTree(), join(newFolder(), 'new')]
    const ended = await syncWeb(root, target, '--dry-run')
    expect(ended).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Would copy 30 files .* of 30.*\nWould make v885 current/) as string,
    })
    expect(existsSync(target)).toBe(false)
    await syncWeb(root, target)
    damage(join(target, 'web/v885', firstFile(root)))
    writeFileSync(join(target, 'web/v885/stray'), '')
    const before = filesBelow(target)
    const second = await syncWeb(root, target, '--dry-run=true')
    expect(second.stdout).toMatch(/Would copy 1 file .*\nWould remove 1 file .*\nv885 is the current version already/)
    expect(filesBelow(target)).toEqual(before)
  })

  test('files of the reuse version are taken from the target, when they are still right', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', target])
    const old = new Map(readManifest(join(target, 'web/v884')).files.map(({ path, sha256 }) => [sha256, path]))
    const common = readManifest(web(root)).files.filter(({ sha256 }) => old.has(sha256))
    const [bad, good] = common as [Manifest['files'][0], Manifest['files'][0]]
    damage(join(target, 'web/v884', old.get(bad.sha256) ?? ''))
    const ended = await syncWeb(root, target, '--reuse', 'v884')
    expect(ended.stdout).toContain(`Copied ${30 - common.length + 1} files`)
    expect(ended.stdout).toContain(`reused ${common.length - 1},`)
    expect(wrongFiles(root, target)).toEqual([])
    // Nothing was sent: it is the same file with a second name, or shares its blocks where the file system can do that.
    expect(statSync(join(target, 'web/v885', good.path)).size).toBe(good.size)
  })

  test('a file that two versions share is mended without changing the other one', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await syncWeb(root, target)
    const file = join(target, 'web/v885', firstFile(root))
    const second = join(target, 'second-name')
    linkSync(file, second)
    damage(file)
    const damaged = readFileSync(second)
    await syncWeb(root, target)
    expect(wrongFiles(root, target)).toEqual([])
    expect(readFileSync(second)).toEqual(damaged)
  })
})

describe('nothing is published', () => {
  test.each<[string, (root: string) => void, string]>([
    ['changed and kept its size', (root) => damage(join(web(root), firstFile(root))), 'has another content than its manifest says'],
    ['is larger', (root) => appendFileSync(join(web(root), firstFile(root)), 'x'), 'bytes instead of'],
    ['is missing', (root) => rmSync(join(web(root), firstFile(root))), 'is missing'],
    [
      'is a link out of the tree',
      (root) => {
        rmSync(join(web(root), firstFile(root)))
        symlinkSync('/etc/passwd', join(web(root), firstFile(root)))
      },
      'is no regular file',
    ],
  ])('when a file of the resources %s; the rest is kept for the next run', async (_, spoil, message) => {
    const [root, target, sound] = [await newTree(), newFolder(), await newTree()]
    await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', target])
    spoil(root)
    const ended = await syncWeb(root, target)
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(firstFile(sound))
    expect(ended.stderr).toContain(message)
    expect(currentOf(target)).toBe('v884')
    expect(filesBelow(join(target, 'web/v885'))).toHaveLength(29)
    expect((await syncWeb(sound, target)).stdout).toContain('Copied 1 file ')
    expect(wrongFiles(sound, target)).toEqual([])
  })

  test.each([
    ['above the tree', '../../x', 'leads out of the tree'],
    ['with a full path', '/tmp/x', 'leads out of the tree'],
    ['below another file', 'textures/x/y', 'lies below'],
    ['below the manifest', 'manifest.json/x', 'lies below'],
    ['of ours', 'a/.headway-part-0123456789abcdef', 'being written'],
  ])('when the manifest names a file %s', async (_, path, message) => {
    const [root, target] = [await newTree(), newFolder()]
    const sha256 = '0'.repeat(64)
    const files = ['textures/x', path].map((name) => ({ path: name, size: 1, sha256 }))
    changeManifest(web(root), (manifest) => ({ ...manifest, files }))
    expect(await syncWeb(root, target)).toMatchObject({ code: 2, stderr: expect.stringContaining(message) as string })
    expect(filesBelow(target)).toEqual([])
  })

  test('when one of two platforms can not be published, neither is', async () => {
    const [root, target] = [await newTree(), newFolder()]
    const android = folderOf(root, 'v885', 'android')
    damage(join(android, readManifest(android).files[0]?.path ?? ''))
    const options = ['--root', root, '--version', 'v885', '--target', target]
    expect((await run('sync-native.mjs', options)).code).toBe(1)
    expect([currentOf(target, 'ios'), existsSync(join(target, 'ios/v885/manifest.json'))]).toEqual([undefined, false])
  })

  test('through a link on the target, which may lead out of it', async () => {
    const [root, target, outside] = [await newTree(), newFolder(), newFolder()]
    mkdirSync(join(target, 'web'))
    symlinkSync(outside, join(target, 'web/v885'))
    expect(await syncWeb(root, target)).toMatchObject({ code: 1, stderr: expect.stringContaining('is a link') as string })
    rmSync(join(target, 'web/v885'))
    const [folder = ''] = firstFile(root).split('/')
    mkdirSync(join(target, 'web/v885'))
    symlinkSync(outside, join(target, 'web/v885', folder))
    expect(await syncWeb(root, target)).toMatchObject({ code: 1, stderr: expect.stringContaining('is a link') as string })
    expect(filesBelow(outside)).toEqual([])
    rmSync(join(target, 'web/v885', folder))
    expect((await syncWeb(root, target)).code).toBe(0)
  })

  test('into the resources themselves', async () => {
    const root = await newTree()
    const inside = await syncWeb(root, join(web(root), 'textures'))
    expect(inside).toMatchObject({ code: 2, stderr: expect.stringContaining('must not lie within one another') as string })
  })

  test.each([
    [['--version', '../v885']],
    [['--version', '--env']],
    [[]],
    [['--version', 'v885', '--env', 'moon']],
    [['--version', 'v885', '--parallel', '-1']],
    [['--version', 'v885', '--parallel', '65']],
    [['--version', 'v885', '--wait-lock', 'long']],
    [['--version', 'v885', '--target', 'https://user:secret-word@host/x']],
    [['--version', 'v885', '--target', 's3://bucket/../other']],
    [['--version', 'v885', '--target', '']],
    [['--version', 'v885', '--force']],
  ])('when called with %j', async (args) => {
    const ended = await run('sync-native.mjs', args)
    expect(ended).toMatchObject({ code: 2, stdout: '' })
    expect(ended.stderr).not.toContain('secret-word')
  })
})
