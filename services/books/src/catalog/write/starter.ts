import { readFileSync } from 'node:fs'
import type { Database } from '@headway/sqlite'
import { parse } from 'csv-parse/sync'
import type { Edition } from './edition.js'
import { EditionWriter } from './edition-writer.js'

/** The well-known books that ship with Headway. */
const STARTER = new URL('../../../data/starter-catalog.csv', import.meta.url)

interface StarterRow {
  readonly isbn13: string
  readonly title: string
  readonly subtitle: string
  readonly authors: string
  readonly publisher: string
  readonly year: string
  readonly pages: string
  readonly language: string
  readonly series: string
  readonly subjects: string
  readonly reason: string
}

/** Puts the shipped books into a catalog that has none. Call it in a transaction. */
export function addStarter(db: Database): void {
  const writer = new EditionWriter(db)
  for (const edition of readStarter()) writer.put(edition)
}

/** The editions of the shipped catalog. In its file, lists have `;` between their items. */
export function readStarter(): Edition[] {
  const rows = parse<StarterRow>(readFileSync(STARTER), { columns: true, bom: true })
  return rows.map(({ isbn13, title, subtitle, authors, publisher, year, pages, language, series, subjects, reason }) => ({
    isbn13,
    title,
    subtitle: subtitle === '' ? undefined : subtitle,
    authors: itemsOf(authors),
    publisher,
    published: year,
    pages: Number(pages),
    language,
    series: series === '' ? undefined : series,
    subjects: itemsOf(subjects),
    reason: reason === '' ? undefined : reason,
  }))
}

function itemsOf(text: string): string[] {
  return text.split(';').map((item) => item.trim())
}
