import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf, newFolder, newTree, readManifest, run } from './support/programs.js'
import type { Ended } from './support/programs.js'
import { changeManifest, damage, filesBelow, syncWeb, wrongFiles } from './support/publishing.js'
import { BUCKET, startBucket, treeForBucket } from './support/s3.js'
import type { Bucket } from './support/s3.js'

const web = (root: string): string => folderOf(root, 'v885', 'web')

/** Gives a file of the resources another content, which its manifest knows. */
function replace(folder: string, index: number): void {
  const { path } = readManifest(folder).files[index] ?? { path: '' }
  appendFileSync(join(folder, path), 'more')
  const bytes = readFileSync(join(folder, path))
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  changeManifest(folder, ({ files, ...rest }) => ({
    ...rest,
    files: files.map((file) => (file.path === path ? { path, size: bytes.length, sha256 } : file)),
  }))
}

/** Every file below a folder, with its hash. */
const contents = (folder: string): unknown =>
  filesBelow(folder).map((path) => [
    path,
    createHash('sha256')
      .update(readFileSync(join(folder, path)))
      .digest('hex'),
  ])

describe('the current version again, with another manifest', () => {
  test('is changed in place, and that is said', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await syncWeb(root, target)
    replace(web(root), 0)
    expect((await syncWeb(root, target, '--dry-run')).stdout).toContain(
      'Would change the files of v885 in place, which is current with another',
    )
    const ended = await syncWeb(root, target)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain('Web v885 is current with another manifest; 1 file to change in place.')
    expect(wrongFiles(root, target)).toEqual([])
  })

  test('changes nothing when any of its files is not what its manifest says, on any platform', async () => {
    const [root, target] = [await newTree(), newFolder()]
    const args = ['--root', root, '--version', 'v885', '--target', target]
    expect((await run('sync-native.mjs', args)).code).toBe(0)
    const before = contents(target)
    replace(folderOf(root, 'v885', 'ios'), 0)
    const android = folderOf(root, 'v885', 'android')
    replace(android, 0)
    const last = readManifest(android).files[0]?.path ?? ''
    damage(join(android, last))
    const ended = await run('sync-native.mjs', args)
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Nothing was changed, because 1 file in') as string })
    expect(ended.stderr).toContain(`${last} has another content than its manifest says`)
    expect(contents(target)).toEqual(before)
  })

  test('that fails in the middle is said to have changed files', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await syncWeb(root, target)
    replace(web(root), 0)
    const inTheWay = join(target, 'web/v885', readManifest(web(root)).files[1]?.path ?? '')
    rmSync(inTheWay)
    mkdirSync(inTheWay)
    writeFileSync(join(inTheWay, 'stray'), '')
    const ended = await syncWeb(root, target, '--keep-stray')
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain('Files of Web v885, which was current before, may have been changed to those of the new manifest.')
    expect((await syncWeb(root, target)).code).toBe(0)
    expect(wrongFiles(root, target)).toEqual([])
  })

  test('with the same manifest it is mended as far as it can be, and nothing is said to be unpublished', async () => {
    const [root, target] = [await newTree(), newFolder()]
    await syncWeb(root, target)
    const [a = '', b = ''] = readManifest(web(root)).files.map(({ path }) => path)
    for (const path of [a, b]) damage(join(target, 'web/v885', path))
    damage(join(web(root), a))
    const ended = await syncWeb(root, target)
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^sync-facebook: v885 could not be mended, because 1 file in/) as string,
    })
    expect(readFileSync(join(target, 'web/v885', b))).toEqual(readFileSync(join(web(root), b)))
  })
})

describe('both platforms or none', () => {
  const native = ({ env }: Bucket, root: string, version: string): Promise<Ended> =>
    run('sync-native.mjs', ['--root', root, '--version', version, '--target', `s3://${BUCKET}/x`], { ...env, AWS_MAX_ATTEMPTS: '1' })
  const current = ({ folder }: Bucket, platform: string): string | undefined => {
    const file = join(folder, `x/${platform}/current.json._S3rver_object`)
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version : undefined
  }

  test('when the second pointer can not be written, the first goes back to what it was', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    const spoil = (): void => bucket.meddle((line) => (line.startsWith('PUT ') && line.includes('/android/current.json') ? 403 : 'pass'))
    spoil()
    const first = await native(bucket, root, 'v884')
    expect(first).toMatchObject({ code: 1, stderr: expect.stringContaining('Current now: iOS none, Android none.') as string })
    expect([current(bucket, 'ios'), current(bucket, 'android')]).toEqual([undefined, undefined])
    bucket.meddle(() => 'pass')
    expect((await native(bucket, root, 'v884')).code).toBe(0)
    spoil()
    const second = await native(bucket, root, 'v885')
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('Current now: iOS v884, Android v884.') as string })
    expect([current(bucket, 'ios'), current(bucket, 'android')]).toEqual(['v884', 'v884'])
  })

  test('what can not be put back is said', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    let pointers = 0
    bucket.meddle((line) => (line.includes('/current.json') && !line.startsWith('GET ') && (pointers += 1) > 1 ? 403 : 'pass'))
    const ended = await native(bucket, root, 'v885')
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining('Current now: iOS v885, Android none.') as string })
  })

  test('when what is stray can not be removed, all is published, and that is said', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    await run('sync-native.mjs', ['--root', root, '--version', 'v884', '--target', `s3://${BUCKET}/x/ios/v885/old`], bucket.env)
    bucket.meddle((line) => ((line.startsWith('DELETE ') || line.startsWith('POST ')) && !line.includes('.headway') ? 403 : 'pass'))
    const ended = await native(bucket, root, 'v885')
    expect(ended).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('v885 is published, but files that its manifest does not list') as string,
    })
    expect(ended.stdout).toContain('Android v885 is published.')
    expect([current(bucket, 'ios'), current(bucket, 'android')]).toEqual(['v885', 'v885'])
  })
})
