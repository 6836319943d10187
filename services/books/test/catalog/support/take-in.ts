import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ingest } from '@headway/books/catalog'
import type { IngestOptions, IngestProgress, IngestReport } from '@headway/books/catalog'

/** Takes a file in to its end. */
export async function takeIn(
  options: IngestOptions,
): Promise<{ readonly report: IngestReport; readonly progress: readonly IngestProgress[] }> {
  const steps = ingest(options)
  const progress: IngestProgress[] = []
  for (;;) {
    const step = await steps.next()
    if (step.done === true) return { report: step.value, progress }
    progress.push(step.value)
  }
}

/** Writes a file beside a catalog. */
export async function fileWith(folder: string, name: string, content: string | Buffer): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}

/** A line of a dump of Open Library. */
export function dumpLine(type: 'edition' | 'work' | 'author', key: string, members: Readonly<Record<string, unknown>>): string {
  return [`/type/${type}`, key, '3', '2021-05-01T10:00:00.000000', JSON.stringify({ key, ...members })].join('\t')
}

/** A dump with so many editions, each with an ISBN of its own. */
export function manyEditions(count: number): string {
  let lines = ''
  for (let number = 0; number < count; number++) {
    lines += `${dumpLine('edition', `/books/OL${number}M`, { title: `Numbered volume ${number}`, isbn_13: [isbnOf(number)] })}\n`
  }
  return lines
}

/** A valid ISBN of a range that no publisher has. */
export function isbnOf(number: number): string {
  const body = `97999${String(number).padStart(7, '0')}`
  let sum = 0
  for (let place = 0; place < 12; place++) sum += Number(body[place]) * (place % 2 === 0 ? 1 : 3)
  return body + String((10 - (sum % 10)) % 10)
}
