import type { CompilationSummary, CompileOptions } from '../compile-options.js'
import type { FieldError } from '../compile-error.js'
import type { Configuration } from '../configuration/types.js'
import type { CompileEvent, Loaded } from '../types.js'
import type { Diff } from './types.js'

/** An error as it crosses between threads. `code` is that of a CompileError; other errors have none. */
export interface ThreadError {
  readonly code?: string
  readonly message: string
  readonly fields?: readonly FieldError[]
}

/** What a thread is to do. */
export type Task =
  | {
      readonly what: 'compile'
      readonly configuration: Configuration
      readonly options: Pick<CompileOptions, 'preFetched' | 'onSourceError' | 'benchmark' | 'limits' | 'localFolder'>
      /** Whether URLs and paths are loaded by the thread that asked. */
      readonly loads: boolean
      readonly resultFile: string
      readonly textFile?: string
      readonly previousFile?: string
      /** 1 where the thread must stand still. */
      readonly word?: Int32Array
    }
  | { readonly what: 'compare'; readonly textFile: string; readonly previousFile: string }

/** What a task gives. */
export type TaskResult =
  | {
      readonly what: 'compile'
      readonly summary: CompilationSummary
      readonly resultBytes: number
      readonly textBytes?: number
      readonly diff?: Diff
    }
  | { readonly what: 'compare'; readonly diff: Diff }

/** Every message says which task it belongs to: what comes from or for another one is dropped. */
interface OfTask {
  readonly taskId: number
}

/** Answers to what a task wants loaded. */
export type LoadAnswer = OfTask &
  (
    | { readonly what: 'loaded'; readonly id: number; readonly loaded: Loaded }
    | { readonly what: 'refused'; readonly id: number; readonly error: ThreadError }
  )

export type ToThread = (OfTask & { readonly what: 'task'; readonly task: Task }) | LoadAnswer

export type FromThread = OfTask &
  (
    | { readonly what: 'events'; readonly events: readonly CompileEvent[] }
    | { readonly what: 'load'; readonly id: number; readonly source: string }
    | { readonly what: 'done'; readonly result: TaskResult }
    | { readonly what: 'failed'; readonly error: ThreadError }
  )
