import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ScanError } from '@headway/books/scan'
import type { PhotoScanner } from '@headway/books/scan'
import { createEngine, ServerKey } from '@headway/core'
import type { Engine } from '@headway/core'
import { openSqliteStores } from '@headway/store-sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { SCAN_JOB_TYPE } from '../../dist/jobs/names.js'
import { scanJobType } from '../../dist/jobs/scan-job-type.js'
import type { ScanInput } from '../../dist/jobs/scan-input.js'
import { sealed } from '../../dist/jobs/sealed-input.js'
import { Lazy } from '../../dist/lazy.js'

/** A scan of two photos without a book, whose pictures are drawn as it is said. */
async function scan(
  annotate: (engine: Engine, id: string) => ReturnType<PhotoScanner['annotate']>,
): Promise<{ engine: Engine; id: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-books-'))
  const stores = await openSqliteStores({ folder })
  const engine = createEngine({ stores })
  onTestFinished(async () => {
    await engine.close()
    await stores.close()
    await rm(folder, { recursive: true, force: true })
  })
  const id = '2f0e7a4c-6a55-4d8c-9a53-0d1f6a1b2c3d'
  const scanner: PhotoScanner = {
    async *scan(photos) {
      for (const photo of photos.keys()) {
        yield { type: 'photo_started', photo, photos: photos.length }
        yield { type: 'photo_done', photo, spines: 0, titles: 0 }
      }
      yield { type: 'results', results: [] }
    },
    annotate: () => annotate(engine, id),
    close: async () => {},
  }
  await engine.start()
  const key = await ServerKey.open(stores.keyValues, 'key')
  engine.register(scanJobType(new Lazy(async () => scanner), new Lazy(async () => key)))
  async function* photo(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a photo')
  }
  const photos = [{ ...(await stores.blobs.put(id, photo())) }, { ...(await stores.blobs.put(id, photo())) }]
  await engine.create(SCAN_JOB_TYPE, sealed<ScanInput>({ photos }, key), { id })
  return { engine, id }
}

test('a picture that can’t be drawn is none; the scan is what was told', async () => {
  let isFirst = true
  const { engine, id } = await scan(async () => {
    if (!isFirst) return Buffer.from('a picture')
    isFirst = false
    throw new ScanError('PHOTO_DAMAGED', 'It can’t be decoded.')
  })
  const job = await engine.finished(id, AbortSignal.timeout(30_000))
  expect(job).toMatchObject({ status: 'completed', result: { annotated: [null, { size: 9 }], errors: [] } })
})

test('no picture is drawn for a scan that is cancelled', async () => {
  let drawn = 0
  const { engine, id } = await scan(async (running, job) => {
    drawn += 1
    await running.request(job, 'cancel')
    return Buffer.from('a picture')
  })
  expect(await engine.finished(id, AbortSignal.timeout(30_000))).toMatchObject({ status: 'cancelled' })
  expect(drawn).toBe(1)
})
