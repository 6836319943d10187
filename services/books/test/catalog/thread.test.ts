import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { writeFile } from 'node:fs/promises'
import { CatalogThread } from '@headway/books/catalog'
import { describe, expect, it, onTestFinished } from 'vitest'
import { folder, opened } from './support/folder.js'

/** The threads that are started from now on until the test ends. */
function startedThreads(): readonly Worker[] {
  const threads: Worker[] = []
  const add = (worker: Worker): void => void threads.push(worker)
  process.on('worker', add)
  onTestFinished(() => void process.off('worker', add))
  return threads
}

async function started(options?: { readonly maxWaiting: number }): Promise<CatalogThread> {
  const thread = await CatalogThread.open(join(await folder(), 'catalog.sqlite'), options)
  onTestFinished(() => thread.close())
  return thread
}

describe('the thread of a catalog', () => {
  it('answers as the catalog does', async () => {
    const [thread, catalog] = [await started(), opened(':memory:')]
    const query = { text: 'tolkien', page: 1, limit: 3 }
    expect(await thread.byIsbn(['9780441172719'])).toEqual(catalog.byIsbn(['9780441172719']))
    expect(await thread.match({ title: 'Emma', author: 'Austen' })).toEqual(catalog.match({ title: 'Emma', author: 'Austen' }))
    expect(await thread.matchText('KING IT')).toEqual(catalog.matchText('KING IT'))
    expect(await thread.search(query)).toEqual(catalog.search(query))
    expect(await thread.similar(query)).toEqual(catalog.similar(query))
    expect(await thread.weekly(7, 3)).toEqual(catalog.weekly(7, 3))
  })

  it('refuses more questions than may wait', async () => {
    const thread = await started({ maxWaiting: 3 })
    const asked = await Promise.allSettled([1, 2, 3, 4, 5].map(() => thread.count()))
    expect(asked.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected'])
    expect(asked[4]).toMatchObject({ reason: { code: 'CATALOG_BUSY' } })
    expect(await thread.count()).toBeGreaterThan(400)
  })

  it('lets whoever does not wait any longer take the question back, which makes room for another', async () => {
    const thread = await started({ maxWaiting: 20 })
    const before = Promise.all(Array.from({ length: 19 }, () => thread.count()))
    const left = new AbortController()
    const search = thread.search({ text: 'tolkien', page: 1, limit: 3 }, left.signal)
    await expect(thread.count()).rejects.toMatchObject({ code: 'CATALOG_BUSY' })
    left.abort(new Error('gone'))
    const after = thread.count()
    await expect(search).rejects.toThrow('gone')
    expect([...(await before), await after].every((count) => count > 400)).toBe(true)
    await expect(thread.similar({ text: 'tolkien', page: 1, limit: 3 }, left.signal)).rejects.toThrow('gone')
  })

  it('answers what was asked before it is closed, and nothing after', async () => {
    const thread = await started()
    const before = thread.count()
    await thread.close()
    expect(await before).toBeGreaterThan(400)
    await expect(thread.count()).rejects.toMatchObject({ code: 'CATALOG_CLOSED' })
  })

  it('fails what it was asked when it dies, and is started again', async () => {
    const threads = startedThreads()
    const thread = await started()
    const waiting = Promise.allSettled(Array.from({ length: 500 }, () => thread.count()))
    void threads[0]?.terminate()
    expect((await waiting).at(-1)).toMatchObject({ reason: { code: 'CATALOG_UNAVAILABLE' } })
    expect(await thread.count()).toBeGreaterThan(400)
    expect(threads).toHaveLength(2)
  })

  it('says why a catalog can not be opened', async () => {
    const path = join(await folder(), 'text')
    await writeFile(path, 'no database at all'.repeat(100))
    await expect(CatalogThread.open(path)).rejects.toMatchObject({ code: 'CATALOG_UNREADABLE' })
  })
})
