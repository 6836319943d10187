import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openCatalog } from '@headway/books/catalog'
import { createPhotoScanner } from '@headway/books/scan'
import type { PhotoScanner, PhotoScannerOptions, ScanEvent, ScanResult } from '@headway/books/scan'
import { onTestFinished } from 'vitest'
import type { AtEnd } from '../../../../../test/e2e/support/program.js'

/** What stands on a drawn shelf; `known`: whether the shipped catalog has it. */
export interface Truth {
  readonly width: number
  readonly height: number
  readonly spines: readonly {
    readonly title: string
    readonly author: string
    readonly known: boolean
    readonly box: { readonly x: number; readonly y: number; readonly width: number; readonly height: number }
  }[]
}

const fixture = (name: string): URL => new URL(`../fixtures/${name}`, import.meta.url)

/** A photo that was drawn with scripts/draw-shelves.mjs. */
export function shelf(name: 'few' | 'few-turned'): { readonly jpeg: Buffer; readonly truth: Truth } {
  return { jpeg: readFileSync(fixture(`${name}.jpg`)), truth: JSON.parse(readFileSync(fixture(`${name}.json`), 'utf8')) as Truth }
}

/** A scanner over the shipped catalog. It is closed with the test, or later if that is said. */
export function startScanner(options: Partial<PhotoScannerOptions> = {}, atEnd: AtEnd = onTestFinished): PhotoScanner {
  const folder = mkdtempSync(join(tmpdir(), 'headway-scan-'))
  const catalogPath = join(folder, 'catalog.sqlite')
  openCatalog(catalogPath).close()
  const scanner = createPhotoScanner({ catalogPath, ...options })
  atEnd(async () => {
    await scanner.close()
    rmSync(folder, { recursive: true })
  })
  return scanner
}

export interface Scanned {
  readonly events: readonly ScanEvent[]
  readonly results: readonly ScanResult[]
}

export async function scanAll(scanner: PhotoScanner, photos: readonly Uint8Array[]): Promise<Scanned> {
  const events: ScanEvent[] = []
  for await (const event of scanner.scan(photos, new AbortController().signal)) events.push(event)
  const last = events.at(-1)
  return { events, results: last?.type === 'results' ? last.results : [] }
}
