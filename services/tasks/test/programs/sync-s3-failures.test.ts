import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newTree, run } from './support/programs.js'
import type { Ended } from './support/programs.js'
import { filesBelow, startProgram } from './support/publishing.js'
import { BUCKET, FILES, startBucket, treeForBucket } from './support/s3.js'
import type { Bucket } from './support/s3.js'

/** Objects that are put before something happens in the middle. */
const PUT_BEFORE = FILES / 3
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
  const [bucket, root] = [await startBucket(), await treeForBucket()]
  let puts = 0
  bucket.meddle((line) => (isPut(line) && (puts += 1) > PUT_BEFORE ? 403 : 'pass'))
  const ended = await syncWeb(bucket, root)
  expect(ended).toMatchObject({ code: 1, stderr: `sync-facebook: The bucket of ${TARGET} refused: AccessDenied (status 403): No\n` })
  expect(isPublished(bucket)).toBe(false)
  await expectPutRight(bucket, root)
  expect(bucket.requests.filter(isPut).length).toBeLessThan(2 * (FILES + 1))
})

test('one that fails now and then is asked again', async () => {
  const [bucket, root] = [await startBucket(), await treeForBucket()]
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
  const [bucket, root] = [await startBucket(), await treeForBucket()]
  bucket.meddle((line) => (isPut(line) ? 500 : 'pass'))
  const ended = await syncWeb(bucket, root)
  expect(ended.code).toBe(1)
  expect(ended.stderr).toMatch(/refused: InternalError \(status 500, after 3 attempts\)/)
  await expectPutRight(bucket, root)
})

test('one that refuses the pointer has the old version current; a second run has nothing to copy', async () => {
  const [bucket, root] = [await startBucket(), await treeForBucket()]
  bucket.meddle((line) => (line.startsWith('PUT ') && line.includes('current.json') ? 403 : 'pass'))
  expect((await syncWeb(bucket, root)).code).toBe(1)
  expect(isPublished(bucket)).toBe(false)
  const before = bucket.requests.filter(isPut).length
  await expectPutRight(bucket, root)
  expect(bucket.requests.filter(isPut)).toHaveLength(before)
})

test('one that does not answer does not keep a sync that is told to end', async () => {
  const [bucket, root] = [await startBucket(), await treeForBucket()]
  bucket.meddle((line) => (isPut(line) ? 'hang' : 'pass'))
  const sync = startProgram('sync-facebook.mjs', args(root), bucket.env)
  await expect.poll(() => bucket.requests.some(isPut)).toBe(true)
  sync.child.kill('SIGTERM')
  expect(await sync.ended).toBe(143)
  await expectPutRight(bucket, root)
})

test('a sync that is killed in the middle is gone on with', async () => {
  const [bucket, root] = [await startBucket(), await treeForBucket()]
  let puts = 0
  bucket.meddle((line) => (isPut(line) && (puts += 1) > PUT_BEFORE ? 'hang' : 'pass'))
  const sync = startProgram('sync-facebook.mjs', args(root), bucket.env)
  await expect.poll(() => puts).toBeGreaterThan(PUT_BEFORE)
  sync.child.kill('SIGKILL')
  await sync.ended
  expect(isPublished(bucket)).toBe(false)
  await expectPutRight(bucket, root)
})

test('no bucket, no server, no keys, no region: a line that says so, and no secret in it', async () => {
  const [{ env }, root] = [await startBucket(), await treeForBucket()]
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

test('uploads in parts that were broken off are given up by the next run, on all pages of their list', async () => {
  const [bucket, root] = [await startBucket(), await treeForBucket()]
  const upload = (id: number): string => `<Upload><Key>target/web/v885/a%2Bb+${id}.bin</Key><UploadId>id-${id}</UploadId></Upload>`
  const page = (ids: number[], more: string): string =>
    `<ListMultipartUploadsResult><EncodingType>url</EncodingType>${more}${ids.map(upload).join('')}</ListMultipartUploadsResult>`
  const pages = [
    page([1, 2], '<IsTruncated>true</IsTruncated><NextKeyMarker>a%2Bb+2</NextKeyMarker><NextUploadIdMarker>id-2</NextUploadIdMarker>'),
    page([3], '<IsTruncated>false</IsTruncated>'),
  ]
  bucket.meddle((line) => {
    if (/^GET .*[?&]uploads/.test(line))
      return { xml: pages[line.includes('key-marker=a+b 2') && line.includes('upload-id-marker=id-2') ? 1 : 0] ?? '' }
    return line.includes('uploadId=id-') ? { xml: '' } : 'pass'
  })
  expect(await syncWeb(bucket, root)).toMatchObject({ code: 0, stderr: '' })
  const listed = bucket.requests.find((line) => /^GET .*[?&]uploads/.test(line))
  expect(listed).toContain('prefix=target/web/v885/')
  const given = bucket.requests.flatMap((line) => /^DELETE (.*)\?.*uploadId=(id-\d)/.exec(line)?.slice(1, 3).join(' ') ?? [])
  expect(given).toEqual([1, 2, 3].map((id) => `/${BUCKET}/target/web/v885/a+b ${id}.bin id-${id}`))
})

test('an upload in parts that is told to end is given up', async () => {
  const [bucket, root] = [await startBucket(), await newTree('--files', '2', '--bytes', '40M', '--versions', 'v885', '--platforms', 'web')]
  bucket.meddle((line) => (line.includes('partNumber=2') ? 'hang' : 'pass'))
  const sync = startProgram('sync-facebook.mjs', args(root), bucket.env)
  await expect.poll(() => bucket.requests.some((line) => line.includes('partNumber=2'))).toBe(true)
  sync.child.kill('SIGTERM')
  expect(await sync.ended).toBe(143)
  expect(bucket.requests.some((line) => line.startsWith('DELETE ') && line.includes('uploadId='))).toBe(true)
  await expectPutRight(bucket, root)
})

test('an answer that breaks off in the middle is asked for again', async () => {
  const [bucket, root] = [await startBucket(), await treeForBucket()]
  const cut = new Set<string>()
  bucket.meddle((line) => {
    const path = line.split('?')[0] ?? ''
    if (!line.startsWith('GET ') || !/\/v885\/./.test(path) || cut.has(path) || cut.size >= 5) return 'pass'
    cut.add(path)
    return 'cut'
  })
  expect(await syncWeb(bucket, root)).toMatchObject({ code: 0, stderr: '' })
  expect(cut.size).toBe(5)
})

test('what changes while the bucket copies it is sent from here', async () => {
  const [bucket, root] = [await startBucket(), await treeForBucket()]
  const { env } = bucket
  expect((await run('sync-facebook.mjs', ['--root', root, '--version', 'v884', '--target', TARGET], env)).code).toBe(0)
  bucket.meddle((line) => (line.includes('x-id=CopyObject') ? 412 : 'pass'))
  const ended = await run('sync-facebook.mjs', [...args(root), '--reuse', 'v884'], env)
  expect(ended).toMatchObject({ code: 0, stderr: '' })
  expect(ended.stdout).toContain(`Copied ${FILES} files`)
  expect(bucket.requests.some((line) => line.includes('x-id=CopyObject'))).toBe(true)
})
