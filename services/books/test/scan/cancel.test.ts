import { createPhotoScanner } from '@headway/books/scan'
import { describe, expect, it } from 'vitest'
import { scanAll, shelf, startScanner } from './support/scan.js'

describe('a scan that is no longer wanted', () => {
  it('ends at once with the signal’s reason, and the next one works', async () => {
    const { jpeg, truth } = shelf('few')
    const scanner = startScanner()
    const cancel = new AbortController()
    const reason = new Error('nobody wants it')
    const run = async (): Promise<void> => {
      for await (const event of scanner.scan([jpeg, jpeg], cancel.signal)) if (event.type === 'lines_read') cancel.abort(reason)
    }
    await expect(run()).rejects.toBe(reason)
    expect((await scanAll(scanner, [jpeg])).results).toHaveLength(truth.spines.length)
  })

  it('ends when nobody listens', async () => {
    const { jpeg, truth } = shelf('few')
    const scanner = startScanner()
    for await (const event of scanner.scan([jpeg], new AbortController().signal)) if (event.type === 'photo_started') break
    expect((await scanAll(scanner, [jpeg])).results).toHaveLength(truth.spines.length)
  })

  it('waits for the one before it', async () => {
    const { jpeg } = shelf('few')
    const scanner = startScanner()
    const [one, other] = await Promise.all([scanAll(scanner, [jpeg]), scanAll(scanner, [jpeg])])
    expect(other.results).toEqual(one.results)
  })
})

describe('a scan without a catalog', () => {
  it('says so', async () => {
    const scanner = createPhotoScanner({ catalogPath: '/nowhere/catalog.sqlite' })
    await expect(scanAll(scanner, [shelf('few').jpeg])).rejects.toMatchObject({ name: 'ScanError', code: 'CATALOG_UNAVAILABLE' })
    await scanner.close()
  })
})
