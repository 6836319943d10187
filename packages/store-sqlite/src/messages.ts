import type {
  ClaimRoom,
  JobCounts,
  LeaseState,
  News,
  PastFigures,
  RunOfJob,
  StoreContents,
  StoreFigures,
  SweepOptions,
  Swept,
} from '@headway/core'
import type { JobRequest } from '@headway/protocol'
import type {
  AppendMessage,
  AppendOutcome,
  ExportedJob,
  ExportedKeyValue,
  ImportedJob,
  JobRow,
  NewJobMessage,
  ReadArgs,
  RequestAnswer,
  Segment,
} from '@headway/store-kit/rules'
import type { WireError } from './errors.js'

export type CreateOutcome =
  | { readonly created: true; readonly row: JobRow }
  | { readonly created: false; readonly row: JobRow; readonly matched: 'id' | 'idempotency'; readonly sameRequest: boolean }
export interface ClaimOutcome {
  readonly row: JobRow
  readonly epoch: number
  readonly saved: string | null
}
export interface RequestOutcome {
  readonly outcome: RequestAnswer
  readonly row: JobRow
  /** Null: nothing was written. */
  readonly news: News | null
}

/** What the writer does, each with its arguments and its answer. All of one message are one transaction. */
export interface WriteOperations {
  create: [args: readonly NewJobMessage[], answer: readonly CreateOutcome[]]
  claim: [
    args: {
      readonly worker: string
      readonly room: readonly ClaimRoom[]
      readonly leaseMs: number
      readonly total: number
    },
    answer: readonly ClaimOutcome[],
  ]
  renew: [
    args: {
      readonly leases: readonly { readonly jobId: string; readonly epoch: number; readonly worker: string }[]
      readonly leaseMs: number
    },
    answer: readonly LeaseState[],
  ]
  append: [args: readonly AppendMessage[], answer: readonly AppendOutcome[]]
  request: [args: { readonly id: string; readonly what: JobRequest; readonly why: string | null }, answer: RequestOutcome | null]
  sweep: [args: SweepOptions, answer: Swept]
  kvSet: [
    args: { readonly key: string; readonly value: string; readonly ttlMs: number | null; readonly ifVersion: number | null },
    answer: number | null,
  ]
  kvIncrement: [
    args: { readonly key: string; readonly by: number; readonly ttlMs: number | null },
    /** Null: what is there is not a number. */
    answer: { readonly value: number; readonly expiresAt: number | null } | null,
  ]
  kvDelete: [args: string, answer: boolean]
  /** See `StoreTransfer`: what is taken from another store. */
  importClear: [args: null, answer: null]
  importJobs: [args: readonly ImportedJob[], answer: null]
  importEvents: [args: { readonly jobId: string; readonly segments: readonly Segment[] }, answer: null]
  importKeyValues: [args: readonly ExportedKeyValue[], answer: null]
  importPastFigures: [args: PastFigures, answer: null]
  importFinish: [args: null, answer: null]
  check: [args: null, answer: null]
}
export type WriteKind = keyof WriteOperations
export type WriteOperation = { [Kind in WriteKind]: { readonly kind: Kind; readonly args: WriteOperations[Kind][0] } }[WriteKind]
export type WriteAnswer = WriteOperations[WriteKind][1]
export type Outcome<Answer> = { readonly ok: true; readonly answer: Answer } | { readonly ok: false; readonly error: WireError }

export interface ListArgs {
  readonly types: readonly string[] | null
  readonly statuses: readonly string[] | null
  /** None of the statuses is one of a job that is over. */
  readonly onlyOpen: boolean
  readonly text: string | null
  readonly parentId: string | null
  /** In milliseconds since the Unix epoch. */
  readonly createdAfter: number | null
  readonly createdBefore: number | null
  readonly limit: number
  /** Only jobs that are older than this row. */
  readonly before: number | null
}
export interface ReadAnswer {
  /** Events, divided by line breaks; empty when there are none. */
  readonly lines: string
  readonly next: number
  readonly head: number
  readonly closed: boolean
}

/** What the reader does, each with its arguments and its answer. */
export interface ReadOperations {
  get: [args: string, answer: JobRow | null]
  findByKey: [args: { readonly scope: string; readonly key: string }, answer: JobRow | null]
  /** `next`: where the page after this one begins, null after the last. */
  list: [args: ListArgs, answer: { readonly rows: readonly JobRow[]; readonly next: number | null }]
  counts: [args: null, answer: readonly JobCounts[]]
  figures: [args: { readonly minutes: number }, answer: StoreFigures]
  dueIn: [args: readonly string[], answer: number | null]
  held: [args: readonly RunOfJob[], answer: readonly boolean[]]
  read: [args: ReadArgs, answer: ReadAnswer | null]
  kvGet: [args: string, answer: { readonly value: string; readonly version: number } | null]
  /** See `StoreTransfer`: what is given to another store. `next`: where the page after this one begins, null after the last. */
  contents: [args: null, answer: StoreContents]
  exportJobs: [
    args: { readonly after: number; readonly maxJobs: number; readonly maxBytes: number },
    answer: { readonly jobs: readonly ExportedJob[]; readonly next: number | null },
  ]
  exportKeyValues: [
    args: { readonly after: string; readonly maxEntries: number; readonly maxBytes: number },
    answer: { readonly entries: readonly ExportedKeyValue[]; readonly next: string | null },
  ]
  exportPastFigures: [args: null, answer: PastFigures]
  kvKeys: [args: { readonly prefix: string; readonly limit: number }, answer: readonly string[]]
  check: [args: null, answer: null]
}
export type ReadKind = keyof ReadOperations
export type ReadOperation = { [Kind in ReadKind]: { readonly kind: Kind; readonly args: ReadOperations[Kind][0] } }[ReadKind]
export type ReadAnswerOf = ReadOperations[ReadKind][1]

/** Main thread to writer: the operations of one transaction, or the end. */
export type ToWriter = { readonly operations: readonly WriteOperation[] } | 'close'
export type FromWriter = { readonly outcomes: readonly Outcome<WriteAnswer>[] }

/** Main thread to reader: operations with the number that the answer will have, or the end. */
export type ToReader = readonly (readonly [number: number, operation: ReadOperation])[] | 'close'
export type FromReader = readonly (readonly [number: number, outcome: Outcome<ReadAnswerOf>])[]

/** The first message of a thread. */
export type Opened = { readonly opened: true } | { readonly opened: false; readonly error: WireError }
