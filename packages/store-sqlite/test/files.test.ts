import { randomUUID } from 'node:crypto'
import { readdir, stat, writeFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { newJob, useFolders } from './support.js'

describe('files', () => {
  const { folder, open } = useFolders()

  test('only the owner of the process can read them', async () => {
    const path = await folder()
    const { jobs, blobs } = await open({ folder: path })
    await jobs.create([newJob()])
    await blobs.put(randomUUID(), bytes())
    const entries = await readdir(path, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['headway.db', 'headway.db-wal', 'lock.db']))
    for (const file of files) expect((await stat(join(file.parentPath, file.name))).mode & 0o777).toBe(0o600)
    const folders = [path, ...entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name))]
    expect(folders.length).toBeGreaterThanOrEqual(3)
    for (const each of folders) expect((await stat(each)).mode & 0o777).toBe(0o700)
  })

  test('a file that is no database is said to be damaged', async () => {
    const path = await folder()
    await mkdir(path)
    await writeFile(join(path, 'headway.db'), 'this is not a database, however long it may be. '.repeat(100))
    await expect(open({ folder: path })).rejects.toMatchObject({ name: 'StoreError', code: 'corrupt' })
  })

  test('a folder that can not be made is said', async () => {
    const path = await folder()
    await writeFile(path, 'a file where the folder should be')
    await expect(open({ folder: path })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'unavailable',
      message: expect.stringContaining(path),
    })
  })

  test('a blob that a crash left half written is not seen, and goes with its job', async () => {
    const path = await folder()
    const { blobs } = await open({ folder: path })
    const owner = randomUUID()
    const ref = await blobs.put(owner, bytes())
    await writeFile(join(path, 'blobs', owner, `${randomUUID()}.tmp`), 'half')
    const name = ref.blob.split('/')[1] ?? ''
    await expect(collect(blobs.read({ ...ref, blob: `${owner}/${name}.tmp` }))).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await blobs.deleteAll(owner)
    expect(await readdir(join(path, 'blobs'))).toEqual([])
  })
})

async function* bytes(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('content'))
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of stream) parts.push(part)
  return Buffer.concat(parts)
}
