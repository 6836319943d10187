import { readFile, writeFile } from 'node:fs/promises'
import { createPhotoScanner } from '@headway/books/scan'

// Scans one photo as the service would: node scan-shelf.mjs PHOTO CATALOG OUTPUT

const [, , photo, catalogPath, output] = process.argv

const scanner = createPhotoScanner({ catalogPath })
for await (const event of scanner.scan([await readFile(photo)], new AbortController().signal)) {
  if (event.type === 'results') await writeFile(output, JSON.stringify(event.results))
}
await scanner.close()
