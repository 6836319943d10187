import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newTree, run } from './support/programs.js'
import type { Ended } from './support/programs.js'
import { filesBelow, startProgram } from './support/publishing.js'
import { BUCKET, startBucket } from './support/s3.js'
import type { Bucket } from './support/s3.js'

const TARGET = `s3://${BUCKET}/target`
const args = (root: string): string[] => ['--root', root, '--version', 'v885', '--target', TARGET]
const syncWeb = ({ env }: Bucket, root: string): Promise<Ended> => run('sync-facebook.mjs', args(root), env)
const isPublished = ({ folder }: Bucket): boolean => existsSync(join(folder, 'target/web/current.json._S3rver_object'))
const isPut = (line: string): boolean => line.startsWith('PUT ') && line.includes('/v885/')

async function expectPutRight(bucket: Bucket, root: string): Promise<void> {
  bucket.meddle(() => 'pass')
  expect(await syncWeb(bucket, root)).toMatchObject({ code: 0, stderr: '' })
  const check = ['--target', TARGET, '--version', 'v885', '--platform', 'web', '--current']
  expect((await run('check-integrity.mjs', check, bucket.env)).code).toBe(0)
  expect(filesBelow(join(bucket.folder, 'target/.headway')).filter((path) => path.endsWith('_object'))).toEqual([])
}

test('a bucket that refuses in the middle ends the sync with what it said, and a second run goes on', async () => {
  const [bucket, root] = [await startBucket(), await newTree()]
  let puts = 0
  bucket.meddle((line) => (isPut(line) && (puts += 1) > 10 ? 403 : 'pass'))
  const ended = await syncWeb(bucket, root)
  expect(ended).toMatchObject({ code: 1, stderr: `sync-facebook: The bucket of ${TARGET} refused: AccessDenied (status 403): No\n` })
  expect(isPublished(bucket)).toBe(false)
  await expectPutRight(bucket, root)
  expect(bucket.requests.filter(isPut).length).toBeLessThan(2 * 31)
})

test('one that fails now and then is asked again', async () => {
  const [bucket, root] = [await startBucket(), await newTree()]
  const failed = new Set<string>()
  bucket.meddle((line) => {
    const path = line.split('?')[0] ?? ''
    if (failed.has(path) || failed.size >= 8) return 'pass'
    failed.add(path)
    return 500
  })
  expect(await syncWeb(bucket, root)).toMatchObject({ code: 0, stderr: '' })
  expect(failed.size).toBe(8)
})

test('one that always fails ends the sync after some attempts', async () => {
  const [bucket, root] = [await startBucket(), await newTree()]
  bucket.meddle((line) => (isPut(line) ? 500 : 'pass'))
  const ended = await syncWeb(bucket, root)
  expect(ended.code).toBe(1)
  expect(ended.stderr).toMatch(/refused: InternalError \(status 500, after 3 attempts\)/)
  await expectPutRight(bucket, root)
})

test('one that refuses the pointer has the old version current; a second run has nothing to copy', async () => {
  const [bucket, root] = [await startBucket(), await newTree()]
  bucket.meddle((line) => (line.startsWith('PUT ') && line.includes('current.json') ? 403 : 'pass'))
  expect((await syncWeb(bucket, root)).code).toBe(1)
  expect(isPublished(bucket)).toBe(false)
  const before = bucket.requests.filter(isPut).length
  await expectPutRight(bucket, root)
  expect(bucket.requests.filter(isPut)).toHaveLength(before)
})

test('one that does not answer does not keep a sync that is told to end', async () => {
  const [bucket, root] = [await startBucket(), await newTree()]
  bucket.meddle((line) => (isPut(line) ? 'hang' : 'pass'))
  const sync = startProgram('sync-facebook.mjs', args(root), bucket.env)
  await expect.poll(() => bucket.requests.some(isPut)).toBe(true)
  sync.child.kill('SIGTERM')
  expect(await sync.ended).toBe(143)
  await expectPutRight(bucket, root)
})

test('a sync that is killed in the middle is gone on with', async () => {
  const [bucket, root] = [await startBucket(), await newTree()]
  let puts = 0
  bucket.meddle((line) => (isPut(line) && (puts += 1) > 10 ? 'hang' : 'pass'))
  const sync = startProgram('sync-facebook.mjs', args(root), bucket.env)
  await expect.poll(() => puts).toBeGreaterThan(10)
  sync.child.kill('SIGKILL')
  await sync.ended
  expect(isPublished(bucket)).toBe(false)
  await expectPutRight(bucket, root)
})

test('no bucket, no server, no keys, no region: a line that says so, and no secret in it', async () => {
  const [{ env }, root] = [await startBucket(), await newTree()]
  const sync = (target: string, more: NodeJS.ProcessEnv): Promise<Ended> =>
    run('sync-facebook.mjs', ['--root', root, '--version', 'v885', '--target', target], {
      ...env,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...more,
    })
  expect(await sync('s3://nowhere/x', {})).toMatchObject({ code: 1, stderr: expect.stringContaining('NoSuchBucket') as string })
  const closed = await sync(TARGET, { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9', AWS_SECRET_ACCESS_KEY: 'my-secret-word' })
  expect(closed).toMatchObject({ code: 1, stderr: expect.stringContaining('ECONNREFUSED') as string })
  expect(closed.stderr).not.toContain('my-secret-word')
  const keyless = await sync(TARGET, { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined, HOME: '/nonexistent' })
  expect(keyless).toMatchObject({ code: 1, stderr: expect.stringMatching(/^sync-facebook: .*credentials.*\n$/) as string })
  const nowhere = await sync(TARGET, { AWS_ENDPOINT_URL_S3: undefined, HOME: '/nonexistent' })
  expect(nowhere).toMatchObject({ code: 1, stderr: expect.stringContaining('Region is missing') as string })
})
