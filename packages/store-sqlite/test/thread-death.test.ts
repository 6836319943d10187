import { describe, expect, test } from 'vitest'
import { Reader } from '../src/client/reader.js'
import { startThread } from '../src/client/thread.js'
import { Writer } from '../src/client/writer.js'

const DYING = new URL('./fixtures/dying-thread.mjs', import.meta.url)
const DATA = { folder: '', maxBytes: undefined, timeOffset: undefined }

describe('a thread that dies', () => {
  test('writer: all that waits, and all that comes later, is refused with the code unavailable', async () => {
    const writer = new Writer(await startThread(DYING, DATA), { maxWaitingOperations: 3, maxWaitingBytes: 1000, maxCommitBytes: 1000 })
    const waiting = Array.from({ length: 10 }, async () => writer.write('check', 1, () => null))
    for (const outcome of await Promise.allSettled(waiting)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'unavailable' } })
    }
    await expect(writer.write('check', 1, () => null)).rejects.toMatchObject({ code: 'unavailable' })
    await writer.close(Promise.resolve())
  })

  test('reader: the same', async () => {
    const reader = new Reader(await startThread(DYING, DATA))
    const waiting = Array.from({ length: 10 }, async () => reader.read('check', null))
    for (const outcome of await Promise.allSettled(waiting)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', code: 'unavailable' } })
    }
    await expect(reader.read('check', null)).rejects.toMatchObject({ code: 'unavailable' })
    await reader.close()
  })
})
