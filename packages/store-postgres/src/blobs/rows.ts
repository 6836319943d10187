import type { JobId } from '@headway/protocol'
import type { BlobPlace } from '@headway/store-kit'
import type { Database } from '../database/database.js'

/** How much of a blob is one row, in bytes. Blobs that are there were cut so: it can't be changed. */
export const PIECE_BYTES = 256 * 1024

export interface Measures {
  readonly size: number
  readonly sha256: string
}

/** What is read at once: where the blob is, and one piece where it is in the database. */
export interface Look {
  readonly size: number
  readonly inBucket: boolean
  readonly bytes: Buffer | null
}

/** An object of the bucket, or the upload of one. */
export interface ObjectRow {
  readonly name: string
  /** The upload that is under way, or never came to its end. */
  readonly upload: string | null
}

/** How many rows a list gives at a time. */
const PAGE = 1_000

/** How many owners are looked at at a time, of whom few are given: a node that starts looks at all. */
const OWNERS_PAGE = 5_000

/** An owner's blobs are let be for so long after the last of them was written to: its job may be about to be created. In milliseconds. */
const REST_MS = 3_600_000

interface OwnersPage {
  readonly last: JobId | null
  readonly owners: readonly JobId[] | null
}

/** The rows of blobs. Every statement can be run again without harm, since the name of a blob is its writer's alone. @throws StoreError */
export class BlobRows {
  readonly #db: Database
  readonly #statements: ReturnType<typeof statementsOf>

  constructor(db: Database) {
    this.#db = db
    this.#statements = statementsOf(db)
  }

  /** Stores a blob that is one piece. */
  async putWhole({ owner, name }: BlobPlace, { size, sha256 }: Measures, bytes: Buffer): Promise<void> {
    await this.#run(this.#statements.putWhole, [owner, name, size, sha256, bytes])
  }

  /** Begins a blob of several pieces with its first. */
  async begin({ owner, name }: BlobPlace, bytes: Buffer): Promise<void> {
    await this.#run(this.#statements.begin, [owner, name, bytes])
  }

  /** Adds a piece. False: the blob was deleted meanwhile. */
  async add({ owner, name }: BlobPlace, number: number, bytes: Buffer): Promise<boolean> {
    return (await this.#run(this.#statements.add, [owner, name, number, bytes])).length > 0
  }

  /** Adds the last piece: the blob is there. False: it was deleted meanwhile. */
  async end({ owner, name }: BlobPlace, { size, sha256 }: Measures, number: number, bytes: Buffer): Promise<boolean> {
    return (await this.#run(this.#statements.end, [owner, name, size, sha256, number, bytes])).length > 0
  }

  /** Says that a blob goes to the bucket, whether or not it was begun here. */
  async moveToBucket({ owner, name }: BlobPlace, upload: string): Promise<void> {
    await this.#run(this.#statements.moveToBucket, [owner, name, upload])
  }

  /** Says that an upload goes on. False: the blob was deleted meanwhile. */
  async touch({ owner, name }: BlobPlace): Promise<boolean> {
    return (await this.#run(this.#statements.touch, [owner, name])).length > 0
  }

  /** The object is whole: the blob is there, and its pieces here go. False: it was deleted meanwhile. */
  async endInBucket({ owner, name }: BlobPlace, { size, sha256 }: Measures): Promise<boolean> {
    return (await this.#run(this.#statements.endInBucket, [owner, name, size, sha256])).length > 0
  }

  /** A piece, or a part of it in bytes, of a blob that is whole. Undefined: there is no such blob. */
  async look({ owner, name }: BlobPlace, number: number, from: number, count: number): Promise<Look | undefined> {
    const [row] = await this.#run<Look>(this.#statements.look, [owner, name, number, from + 1, count])
    return row
  }

  /** A piece of a blob that is not whole yet. */
  async pieceOf({ owner, name }: BlobPlace, number: number): Promise<Buffer | undefined> {
    return (await this.#run<{ bytes: Buffer }>(this.#statements.piece, [owner, name, number]))[0]?.bytes
  }

  /** Removes an owner's blobs that are in the database, or the one with this name, and gives the first of those that are in the bucket. */
  removeHere(owner: JobId, name: string | null): Promise<ObjectRow[]> {
    return this.#run<ObjectRow>(this.#statements.removeHere, [owner, name])
  }

  async remove({ owner, name }: BlobPlace): Promise<void> {
    await this.#run(this.#statements.remove, [owner, name])
  }

  /** A page of the blobs that are whole, after the one given. */
  list(after: BlobPlace | undefined): Promise<(BlobPlace & { readonly size: number })[]> {
    return this.#run(this.#statements.list, [after?.owner ?? FIRST, after?.name ?? FIRST])
  }

  /** Yields all owners, or those whose job is not there, though nothing of theirs was written for a while. */
  async *owners(which: 'all' | 'left'): AsyncGenerator<JobId> {
    for (let after: JobId | null = FIRST; after !== null;) {
      const [page]: OwnersPage[] = await this.#run<OwnersPage>(this.#statements.owners, [after, which === 'all', REST_MS, OWNERS_PAGE])
      yield* page?.owners ?? []
      after = page?.last ?? null
    }
  }

  #run<Row extends object>(...[statement, values]: Parameters<Database['run']>): Promise<Row[]> {
    return this.#db.run<Row>(statement, values, { repeatable: true })
  }
}

/** Before every owner and name. */
const FIRST = '00000000-0000-0000-0000-000000000000'

function statementsOf({ sql }: Database) {
  return {
    putWhole: sql(`
      with blob as (
        insert into headway.blobs (owner, name, size, sha256, written_at) values ($1, $2, $3, $4, headway.now_ms()) on conflict do nothing
      ) insert into headway.blob_pieces (owner, name, number, bytes)
        select $1, $2, 0, $5::bytea where $3 > 0 on conflict do nothing`),
    begin: sql(`
      with blob as (insert into headway.blobs (owner, name, written_at) values ($1, $2, headway.now_ms()) on conflict do nothing)
      insert into headway.blob_pieces (owner, name, number, bytes) values ($1, $2, 0, $3) on conflict do nothing`),
    add: sql(`
      with blob as (
        update headway.blobs set written_at = headway.now_ms() where owner = $1 and name = $2 returning owner
      ), added as (
        insert into headway.blob_pieces (owner, name, number, bytes) select $1, $2, $3, $4::bytea from blob on conflict do nothing
      ) select from blob`),
    end: sql(`
      with blob as (
        update headway.blobs set size = $3, sha256 = $4, written_at = headway.now_ms() where owner = $1 and name = $2 returning owner
      ), added as (
        insert into headway.blob_pieces (owner, name, number, bytes) select $1, $2, $5, $6::bytea from blob on conflict do nothing
      ) select from blob`),
    moveToBucket: sql(`
      insert into headway.blobs as held (owner, name, in_bucket, upload, written_at) values ($1, $2, true, $3, headway.now_ms())
      on conflict (owner, name) do update set in_bucket = true, upload = $3, written_at = headway.now_ms()`),
    touch: sql('update headway.blobs set written_at = headway.now_ms() where owner = $1 and name = $2 returning owner'),
    endInBucket: sql(`
      with pieces as (delete from headway.blob_pieces where owner = $1 and name = $2)
      update headway.blobs set size = $3, sha256 = $4, upload = null, written_at = headway.now_ms()
        where owner = $1 and name = $2 returning owner`),
    look: sql(`
      select b.size, b.in_bucket as "inBucket", substring(p.bytes from $4::integer for $5::integer) as bytes
      from headway.blobs b left join headway.blob_pieces p on p.owner = b.owner and p.name = b.name and p.number = $3
      where b.owner = $1 and b.name = $2 and b.size is not null`),
    piece: sql('select bytes from headway.blob_pieces where owner = $1 and name = $2 and number = $3'),
    removeHere: sql(`
      with removed as (delete from headway.blobs where owner = $1 and ($2::uuid is null or name = $2) and not in_bucket)
      select name, upload from headway.blobs where owner = $1 and ($2::uuid is null or name = $2) and in_bucket order by name limit ${PAGE}`),
    remove: sql('delete from headway.blobs where owner = $1 and name = $2'),
    list: sql(`
      select owner, name, size from headway.blobs where (owner, name) > ($1::uuid, $2::uuid) and size is not null
      order by owner, name limit ${PAGE}`),
    owners: sql(`
      select (array_agg(owner order by owner desc))[1] as last, array_agg(owner order by owner) filter (where asked) as owners from (
        select owner, $2 or (
          written_at < (select headway.now_ms()) - $3::bigint and not exists (select from headway.jobs j where j.uuid = page.owner)
        ) as asked
        from (
          select owner, max(written_at) as written_at from headway.blobs where owner > $1 group by owner order by owner limit $4
        ) as page
      ) as looked`),
  }
}
