import type { AsyncCatalog } from '@headway/books/catalog'
import { CatalogError } from '@headway/books/catalog'
import type { CatalogErrorCode } from '@headway/books/catalog'
import { createCatalogProvider } from '@headway/books/providers'
import { expect, test } from 'vitest'
import { isbnOf } from '../support/stand-in/books.mjs'
import { answersTo, setup } from './support/setup.js'

/** A catalog that knows nothing, and fails so often before. */
function failing(code: CatalogErrorCode, times: number): { readonly catalog: AsyncCatalog; readonly asked: () => number } {
  let asked = 0
  const fail = () => Promise.reject(new CatalogError(code, 'The catalog /srv/secret/catalog.sqlite has trouble.'))
  const none = { books: [], total: 0 }
  const catalog: AsyncCatalog = {
    byIsbn: () => ((asked += 1) <= times ? fail() : Promise.resolve(new Map())),
    match: () => Promise.resolve([]),
    matchText: () => Promise.resolve([]),
    search: () => Promise.resolve(none),
    similar: () => Promise.resolve(none),
    weekly: () => Promise.resolve(none),
    count: () => Promise.resolve(0),
    close: () => Promise.resolve(),
  }
  return { catalog, asked: () => asked }
}

test('a catalog that is busy is asked again', async () => {
  const { catalog, asked } = failing('CATALOG_BUSY', 2)
  const { another } = await setup()
  expect(await answersTo(another({ providers: [createCatalogProvider(catalog)] }), [{ isbn: isbnOf(1) }])).toMatchObject([{ found: false }])
  expect(asked()).toBe(3)
})

test.each(['CATALOG_UNAVAILABLE', 'CATALOG_UNREADABLE'] as const)(
  'a catalog that fails (%s) is asked for every book all the same: nobody else has to recover',
  async (code) => {
    const { catalog, asked } = failing(code, Infinity)
    const { another } = await setup({ settings: { breakerFailures: 1, retries: 0 } })
    const enricher = another({ providers: [createCatalogProvider(catalog)] })
    for (let number = 1; number <= 3; number += 1) {
      const [answer] = await answersTo(enricher, [{ isbn: isbnOf(number) }])
      expect(answer).toMatchObject({ found: false, error: { code: 'API_ERROR', retryable: true } })
      expect(answer?.error?.message).not.toContain('/srv')
      expect(asked()).toBe(number)
    }
  },
)
