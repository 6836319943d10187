import type { Database } from '@headway/sqlite'
import { CatalogError } from './errors.js'

/** Grows with every change of the tables. */
const VERSION = 1

/**
 * Titles, authors and subjects are indexed folded (`fold.ts`), so the full-text tables keep no text of their own. `pending` marks editions whose
 * authors or work were named but not known yet: they are completed when the dumps of authors and works come.
 */
const TABLES = `
  create table editions (
    id integer primary key,
    isbn13 text unique,
    isbn10 text,
    origin text unique,
    title text not null,
    subtitle text,
    authors text not null,
    author_keys text,
    publisher text,
    published text,
    pages integer,
    language text,
    subjects text,
    description text,
    series text,
    work_key text,
    edition_key text,
    cover integer,
    reason text,
    quality integer not null,
    title_key text not null,
    pending integer not null default 0
  ) strict;
  create index editions_by_title on editions (title_key);
  create index editions_pending on editions (id) where pending = 1;
  create index editions_notable on editions (isbn13) where reason is not null;

  create virtual table words using fts5(
    title, subtitle, authors, subjects,
    content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
  );
  create virtual table trigrams using fts5(
    title, content = '', contentless_delete = 1, tokenize = 'trigram'
  );

  create table ol_authors (key text primary key, name text not null) strict, without rowid;
  create table ol_works (
    key text primary key, author_keys text, subjects text, description text, cover integer
  ) strict, without rowid;

  create table ingests (
    fingerprint text primary key,
    file text not null,
    format text not null,
    position integer not null,
    records integer not null,
    added integer not null,
    updated integer not null,
    skipped integer not null,
    malformed integer not null,
    malformed_examples text not null,
    resolved integer not null default 0,
    finished_at text
  ) strict;
`

/** Creates the tables where there are none. Call it in a transaction. @throws CatalogError CATALOG_VERSION */
export function migrate(db: Database): void {
  if (versionOf(db) === VERSION) return
  db.exec(TABLES)
  db.exec(`pragma user_version = ${VERSION}`)
}

/** Whether the tables are there. @throws CatalogError CATALOG_VERSION */
export function isMigrated(db: Database): boolean {
  return versionOf(db) === VERSION
}

function versionOf(db: Database): number {
  const version = db.prepare<{ user_version: number }>('pragma user_version').get()?.user_version ?? 0
  if (version > VERSION) {
    throw new CatalogError(
      'CATALOG_VERSION',
      `The catalog was made by a later version of Headway (its tables are of version ${version}, known is ${VERSION}).`,
    )
  }
  return version
}
