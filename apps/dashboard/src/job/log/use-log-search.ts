import { useEffect, useReducer, useRef, useState } from 'react'
import type { LevelSet } from './levels.js'
import { LogSearch } from './log-search.js'
import type { LogStore } from './log-store.js'

/** What is searched in a log, found as one types and as lines come. */
export interface LogSearchState {
  readonly text: string
  readonly matchCase: boolean
  readonly search: LogSearch | undefined
  setText(text: string): void
  setMatchCase(matchCase: boolean): void
}

/** @param version grows when lines have come */
export function useLogSearch(store: LogStore, levels: LevelSet, version: number): LogSearchState {
  const [text, setText] = useState('')
  const [matchCase, setMatchCase] = useState(false)
  const [search, setSearch] = useState<LogSearch>()
  const [, again] = useReducer((n: number) => n + 1, 0)
  const frame = useRef<number>(undefined)
  useEffect(() => {
    if (text === '') {
      setSearch(undefined)
      return undefined
    }
    const changed = (): void => {
      frame.current ??= requestAnimationFrame(() => {
        frame.current = undefined
        again()
      })
    }
    const made = new LogSearch(store, { text, matchCase, levels }, changed)
    setSearch(made)
    return () => made.close()
  }, [store, text, matchCase, levels])
  useEffect(() => search?.resume(), [search, version])
  return { text, matchCase, search, setText, setMatchCase }
}
