import { readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderOf, newTree, readManifest, run } from './support/programs.js'
import type { Ended } from './support/programs.js'
import { changeManifest, damage, filesBelow, startProgram } from './support/publishing.js'
import { BUCKET, FILES, startBucket, treeForBucket } from './support/s3.js'
import type { Bucket } from './support/s3.js'

const PLACE = `s3://${BUCKET}/releases`
const WEB = 'releases/staging/facebook/web'

function syncWeb({ env }: Bucket, root: string, ...more: string[]): Promise<Ended> {
  return run('sync-facebook.mjs', ['--root', root, '--version', 'v885', '--publish', PLACE, ...more], env)
}

function check({ env }: Bucket, ...more: string[]): Promise<Ended> {
  const args = ['--publish', PLACE, '--where', 'published', '--version', 'v885', '--platform', 'web', '--current', ...more]
  return run('check-integrity.mjs', args, env)
}

/** The object of a path, as the stand-in keeps it. */
const objectOf = ({ folder }: Bucket, path: string): string => join(folder, `${path}._S3rver_object`)
const objectsBelow = ({ folder }: Bucket, prefix: string): string[] =>
  filesBelow(join(folder, prefix)).flatMap((path) => /^(.*)\._S3rver_object$/.exec(path)?.slice(1, 2) ?? [])
const filesOf = (root: string, version = 'v885'): string[] => readManifest(folderOf(root, version, 'web')).files.map(({ path }) => path)
const puts = ({ requests }: Bucket): string[] => requests.filter((line) => line.startsWith('PUT ') && line.includes('/v885/'))

describe('a bucket', () => {
  test('gets every file with its type, then the manifest, then the pointer; what is there is sent once', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    const ended = await syncWeb(bucket, root)
    expect(ended).toMatchObject({ code: 0, stderr: '' })
    expect(ended.stdout).toContain(`Copied ${FILES} files`)
    expect(objectsBelow(bucket, `${WEB}/v885`)).toEqual([...filesOf(root), 'manifest.json'].toSorted())
    expect(puts(bucket).at(-1)).toContain('/v885/manifest.json')
    expect(bucket.requests.findLast((line) => line.startsWith('PUT ') && !line.includes('.headway'))).toContain('/web/current.json')
    const png = filesOf(root).find((path) => path.endsWith('.png')) ?? ''
    const metadata = join(bucket.folder, `${WEB}/v885/${png}._S3rver_metadata.json`)
    expect(JSON.parse(readFileSync(metadata, 'utf8'))).toMatchObject({ 'content-type': 'image/png' })
    expect(await check(bucket)).toMatchObject({ code: 0, stderr: '' })
    const sent = puts(bucket).length
    expect((await syncWeb(bucket, root)).stdout).toContain(`All ${FILES} files are there already.`)
    expect(puts(bucket)).toHaveLength(sent)
    expect(objectsBelow(bucket, 'releases/staging/facebook/.headway')).toEqual([])
  })

  test('gets what it lacks, and loses what the manifest does not list', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    await syncWeb(bucket, root)
    const [a = '', b = ''] = filesOf(root)
    rmSync(objectOf(bucket, `${WEB}/v885/${a}`))
    // As another tool does it: a whole object of the same size, without the hash.
    damage(objectOf(bucket, `${WEB}/v885/${b}`))
    rmSync(join(bucket.folder, `${WEB}/v885/${b}._S3rver_metadata.json`))
    const current = objectOf(bucket, `${WEB}/v885/${filesOf(root)[2]}`)
    const before = readFileSync(current)
    const { env } = bucket
    await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', `s3://${BUCKET}/${WEB}/v885/stray`], env)
    expect((await syncWeb(bucket, root, '--dry-run')).stdout).toMatch(new RegExp(`Would copy 2 files [^]*Would remove ${FILES + 2} files`))
    const ended = await syncWeb(bucket, root)
    expect(ended.stdout).toMatch(new RegExp(`Copied 2 files [^]*Removed ${FILES + 2} files`))
    expect(objectsBelow(bucket, `${WEB}/v885`)).toEqual([...filesOf(root), 'manifest.json'].toSorted())
    expect(readFileSync(current)).toEqual(before)
    expect((await check(bucket)).code).toBe(0)
  })

  test('is checked by its contents', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    await syncWeb(bucket, root)
    const [a = '', b = ''] = filesOf(root)
    damage(objectOf(bucket, `${WEB}/v885/${a}`))
    rmSync(objectOf(bucket, `${WEB}/v885/${b}`))
    const ended = await check(bucket)
    expect(ended.code).toBe(1)
    expect(ended.stderr.trimEnd().split('\n').toSorted()).toEqual([`changed: ${a} (another content)`, `missing: ${b}`])
  })

  test('copies by itself what it has of the reuse version', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    const { env } = bucket
    expect((await run('full-sync.mjs', ['--root', root, '--version', 'v884', '--publish', PLACE], env)).code).toBe(0)
    const ended = await syncWeb(bucket, root)
    const old = new Set(readManifest(folderOf(root, 'v884', 'web')).files.map(({ sha256 }) => sha256))
    const common = readManifest(folderOf(root, 'v885', 'web')).files.filter(({ sha256 }) => old.has(sha256)).length
    expect(ended.stdout).toContain(`Copied ${FILES - common} files`)
    expect(ended.stdout).toContain(`reused ${common},`)
    expect((await check(bucket)).code).toBe(0)
  })

  test('gets large files in parts, and one that is not what its manifest says not at all', async () => {
    const [bucket, root] = [
      await startBucket(),
      await newTree('--files', '3', '--bytes', '60M', '--versions', 'v885', '--platforms', 'web'),
    ]
    const large = readManifest(folderOf(root, 'v885', 'web')).files.filter(({ size }) => size > 16 * 2 ** 20)
    const [{ path } = { path: '' }] = large
    const file = join(folderOf(root, 'v885', 'web'), path)
    damage(file)
    const refused = await syncWeb(bucket, root)
    expect(refused.code).toBe(1)
    expect(refused.stderr).toContain(`${path} has another content than its manifest says`)
    expect(objectsBelow(bucket, WEB)).not.toContain(`v885/${path}`)
    expect(objectsBelow(bucket, WEB)).not.toContain('current.json')
    damage(file)
    expect(await syncWeb(bucket, root)).toMatchObject({ code: 0, stderr: '' })
    expect(bucket.requests.some((line) => line.includes('partNumber=2'))).toBe(true)
    expect((await check(bucket)).code).toBe(0)
  })

  test('takes names with spaces, plus signs and letters of all kinds', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    const folder = folderOf(root, 'v885', 'web')
    const names = ['a b+c.json', 'ä &amp; 漢 %20.json', "it's (1)!.json"]
    changeManifest(folder, (manifest) => ({
      ...manifest,
      files: manifest.files.slice(0, 3).map((file, index) => {
        const path = names[index] ?? ''
        renameSync(join(folder, file.path), join(folder, path))
        return { ...file, path }
      }),
    }))
    expect(await syncWeb(bucket, root)).toMatchObject({ code: 0, stderr: '' })
    expect((await syncWeb(bucket, root)).stdout).toContain('All 3 files are there already.')
    expect(await check(bucket)).toMatchObject({ code: 0, stderr: '' })
  })

  test('is released to by full-sync, whose second run at the same time waits its turn', async () => {
    const [bucket, root] = [await startBucket(), await treeForBucket()]
    const args = ['--root', root, '--version', 'v885', '--publish', PLACE]
    const releases = [0, 1].map(() => startProgram('full-sync.mjs', [...args, '--wait-lock', '5m'], bucket.env))
    expect(await Promise.all(releases.map(({ ended }) => ended))).toEqual([0, 0])
    const counts = releases.map(({ lines }) => lines.filter((line) => line.startsWith(`Copied ${FILES} files`)).length)
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 3])
    expect((await run('update-reuse.mjs', ['--publish', PLACE, '--show'], bucket.env)).stdout).toContain('Reuse version: v885')
  })
})
