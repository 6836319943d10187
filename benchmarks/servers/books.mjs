import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createBooksService } from '@headway/books'
import { createServer } from '@headway/server'
import { answerCalls } from '../lib/agent.mjs'
import { makeCatalog } from '../lib/catalog-file.mjs'
import { openEngine } from '../lib/engine.mjs'

// The real server with the books service, which asks nobody but its catalog.

const folder = await mkdtemp(join(tmpdir(), 'headway-bench-books-'))
const catalogPath = join(folder, 'catalog.sqlite')
const { engine, threads, close } = await openEngine()
const server = createServer({
  engine,
  services: [createBooksService({ catalogPath })],
  version: '0',
  port: 0,
  limits: { api: false, 'books-create': false },
})

answerCalls(
  {
    threads: () => threads,
    /** Fills the catalog, and begins to listen. Gives the URL. */
    async open({ editions }) {
      await makeCatalog(catalogPath, editions)
      const { url } = await server.listen()
      await engine.start()
      return url
    },
  },
  async () => {
    await server.close()
    await close()
    await rm(folder, { recursive: true, force: true })
  },
)
