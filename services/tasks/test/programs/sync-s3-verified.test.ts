import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newTree, run } from './support/programs.js'
import type { Ended } from './support/programs.js'
import { startProgram } from './support/publishing.js'
import { BUCKET, startBucket } from './support/s3.js'
import type { Bucket } from './support/s3.js'

const TARGET = `s3://${BUCKET}/target`
const args = (root: string): string[] => ['--root', root, '--version', 'v885', '--target', TARGET]
const syncWeb = ({ env }: Bucket, root: string): Promise<Ended> => run('sync-facebook.mjs', args(root), env)
const smallTree = (...more: string[]): Promise<string> => newTree('--files', '6', '--versions', 'v885', '--platforms', 'web', ...more)
const isOf = (method: string) => (line: string) =>
  line.startsWith(`${method} /${BUCKET}/target/web/v885/`) && !line.includes('manifest.json')
const [isPut, isGet] = [isOf('PUT'), isOf('GET')]
const isPublished = ({ folder }: Bucket): boolean => existsSync(join(folder, 'target/web/current.json._S3rver_object'))

/** Makes the store change the first file that it gets. */
function garbleFirst(bucket: Bucket, otherwise: (line: string) => 'pass' | 'hang' = () => 'pass'): { path: string } {
  const garbled = { path: '' }
  bucket.meddle((line) => {
    if (!isPut(line) || garbled.path !== '') return otherwise(line)
    garbled.path = line.slice('PUT '.length).split('?')[0] ?? ''
    return 'garble'
  })
  return garbled
}

async function expectPutRight(bucket: Bucket, root: string): Promise<void> {
  bucket.meddle(() => 'pass')
  expect(isPublished(bucket)).toBe(false)
  expect(await syncWeb(bucket, root)).toMatchObject({ code: 0, stderr: '' })
  const check = ['--target', TARGET, '--version', 'v885', '--platform', 'web', '--current']
  expect(await run('check-integrity.mjs', check, bucket.env)).toMatchObject({ code: 0, stderr: '' })
}

test.each([
  ['small files', []],
  ['files in parts', ['--files', '2', '--bytes', '40M']],
])('what a store keeps wrong is not left there, nor published by the second run: %s', async (_name, more) => {
  const [bucket, root] = [await startBucket(), await smallTree(...more)]
  const garbled = garbleFirst(bucket)
  const ended = await syncWeb(bucket, root)
  expect(ended.code).toBe(1)
  expect(ended.stderr).toMatch(/is not what was written there/)
  expect(existsSync(join(bucket.folder, '..', `${garbled.path}._S3rver_object`))).toBe(false)
  await expectPutRight(bucket, root)
})

test('what a store keeps wrong is not published when the sync was killed before it had read it back', async () => {
  const [bucket, root] = [await startBucket(), await smallTree()]
  const garbled = garbleFirst(bucket, (line) => (isGet(line) ? 'hang' : 'pass'))
  const sync = startProgram('sync-facebook.mjs', args(root), bucket.env)
  await expect.poll(() => bucket.requests.some((line) => garbled.path !== '' && isGet(line) && line.includes(garbled.path))).toBe(true)
  sync.child.kill('SIGKILL')
  await sync.ended
  await expectPutRight(bucket, root)
})
