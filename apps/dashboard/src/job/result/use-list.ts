import { useHeadway } from '@headway/client/react'
import { useEffect, useState } from 'react'
import type { LogSearch } from '../log/log-search.js'
import { LogStore } from '../log/log-store.js'
import { ListReader } from './list-reader.js'

/** So many lines of a list are kept in a page, four million and some, and so many characters of them: 256 Mi. What is behind them is not shown. */
const MAX_LINES = 1 << 22
const MAX_CHARACTERS = 256 * 1024 * 1024

/** How long is read before the page gets its turn, in milliseconds: half of a frame. */
const SLICE_MS = 8

/** The lines of a list, as they come. */
export interface ListState {
  readonly store: LogStore
  /** Grows as lines come. */
  readonly version: number
  /** All lines have come. */
  readonly isWhole: boolean
  /** How many lines did not fit in the page. */
  readonly omitted: number
  readonly error: string | undefined
}

/** Fetches the list of a compilation and reads it as it comes, so that the page stays alive. */
export function useList(id: string): ListState {
  const { http } = useHeadway()
  const [state, setState] = useState<ListState>(emptyList)
  useEffect(() => {
    const ending = new AbortController()
    const { signal } = ending
    const begun = emptyList()
    setState(begun)
    const change = (change: Partial<ListState>): void => setState((before) => ({ ...before, ...change, version: before.version + 1 }))
    const fetchList = async (): Promise<void> => {
      const { data } = await http.GET('/jobs/{id}/result', { params: { path: { id } }, parseAs: 'stream', signal })
      if (data === undefined || data === null) throw new Error('The server gave no list.')
      const omitted = await readInto(begun.store, data, change)
      change({ isWhole: true, omitted })
    }
    fetchList().catch((error: unknown) => {
      if (!signal.aborted) change({ error: error instanceof Error ? error.message : String(error) })
    })
    return () => ending.abort()
  }, [http, id])
  return state
}

/** @returns how many lines did not fit */
async function readInto(store: LogStore, body: ReadableStream<Uint8Array>, change: (change: Partial<ListState>) => void): Promise<number> {
  let omitted = 0
  const list = new ListReader('rules', (text) => {
    if (store.end >= MAX_LINES || store.characters + text.length > MAX_CHARACTERS) omitted += 1
    else store.push({ text: text.replaceAll(/[\r\n]/g, ' '), level: 'info', seq: store.end, at: 0 })
  })
  const decoder = new TextDecoder()
  const reader = body.getReader()
  let until = performance.now() + SLICE_MS
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    list.push(decoder.decode(value, { stream: true }))
    if (performance.now() < until) continue
    change({})
    await new Promise((resolve) => setTimeout(resolve, 0))
    until = performance.now() + SLICE_MS
  }
  if (!list.found) throw new Error('The server does not give the lines of this list: the service that compiles lists is off, as it seems.')
  return omitted
}

/** The lines that were searched, or all, as texts to be joined. */
export function textOfList(store: LogStore, search: LogSearch | undefined): string[] {
  const parts: string[] = []
  if (search !== undefined) {
    for (let hit = 0; hit < search.count(); hit += 1) parts.push(`${store.text(search.lineAt(hit) ?? 0)}\n`)
    return parts
  }
  for (let piece = store.piece(0); piece !== undefined; piece = store.piece(piece.first + piece.rows)) parts.push(piece.text, '\n')
  return parts
}

function emptyList(): ListState {
  return { store: new LogStore({ rows: Infinity, characters: Infinity }), version: 0, isWhole: false, omitted: 0, error: undefined }
}
