import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCatalog } from '@headway/books/catalog'
import type { Catalog } from '@headway/books/catalog'
import { onTestFinished } from 'vitest'

/** A folder of its own, which goes with the test. */
export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'headway-catalog-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** The catalog in that file, until the test is over. */
export function opened(path: string): Catalog {
  const catalog = openCatalog(path)
  onTestFinished(() => catalog.close())
  return catalog
}
