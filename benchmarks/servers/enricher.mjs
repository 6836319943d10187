import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createEnricher, createOpenLibraryProvider } from '@headway/books/providers'
import { openSqliteStores } from '@headway/store-sqlite'
import { editions } from '../../services/books/test/support/stand-in/books.mjs'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'

// An enricher with its cache and breakers in the default store, as a server has it. The clock is the true one.

const folder = await mkdtemp(join(tmpdir(), 'headway-bench-'))
const { keyValues, close } = await openSqliteStores({ folder })
let enricher

answerCalls(
  {
    open({ baseUrl }) {
      const providers = [createOpenLibraryProvider({ baseUrl, contact: 'bench@example.org' })]
      enricher = createEnricher({ providers, cache: keyValues, breakers: keyValues })
    },
    async enrich({ books }) {
      const queries = editions(books).map(({ isbn13 }) => ({ isbn: isbn13 }))
      const began = seconds()
      let found = 0
      for await (const answer of enricher.enrich(queries, { signal: new AbortController().signal })) found += Number(answer.found)
      return { found, seconds: seconds() - began }
    },
  },
  async () => {
    await enricher?.close()
    await close()
    await rm(folder, { recursive: true, force: true })
  },
)
