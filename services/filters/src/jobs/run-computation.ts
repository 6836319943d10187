import { mkdir } from 'node:fs/promises'
import type { ServerKey } from '@headway/core'
import { CompileError } from '../compiler/index.js'
import type { CompileWorkers, Configuration, PauseSwitch } from '../compiler/index.js'
import { compileList } from './compile-list.js'
import { DIFF_EVENT } from './compile-result.js'
import type { CompileMetricsView, DiffView } from './compile-result.js'
import type { ComputationTools } from './computation.js'
import { compareKept } from './diff-view.js'
import type { ComputationEvent } from './event-history.js'
import { KeptLists } from './kept-lists.js'
import type { Variant } from './kept-lists.js'
import { previousKey } from './list-store.js'
import type { KeptList, ListStore } from './list-store.js'
import { NotedLoads } from './noted-loads.js'
import { sharerOf } from './owner.js'
import { stillHolds } from './revalidate.js'
import { SourceEvents } from './source-events.js'
import type { Sources } from './sources.js'

/** What is computed. */
export interface ComputationRequest {
  readonly configuration: Configuration
  /** Texts that stand for sources and are not loaded. */
  readonly preFetched: Readonly<Record<string, string>>
  readonly benchmark: boolean
  readonly owner: string | undefined
  /** See `resultKey`. */
  readonly key: string
}

/** What it is computed with. */
export interface ComputationMeans {
  readonly sources: Sources
  readonly workers: CompileWorkers
  readonly lists: ListStore
  /** Of this server and those beside it. */
  readonly serverKey: ServerKey
  readonly onSourceError: 'fail' | 'skip'
  /** What one compilation may take, pauses not counted, in milliseconds. */
  readonly timeoutMs: number
  /** Hears what users are not told of, for the server's log. */
  readonly onUnexpected?: (error: unknown) => void
}

/** A compiled list, as a file that stays until the computation is cleared away. */
export interface ComputedList {
  /** The JSON array of the rules. */
  readonly rulesFile: string
  readonly ruleCount: number
  readonly metrics: CompileMetricsView
  readonly compiledAt: string
  readonly cached: boolean
  readonly diff: DiffView | undefined
}

/**
 * Compiles a list, or gives the one that is kept where nothing that went into it has changed.
 *
 * @param folder made here, for the files of this computation; who asks removes it
 * @throws CompileError; the reason of the signal
 */
export async function runComputation(
  request: ComputationRequest,
  means: ComputationMeans,
  folder: string,
  pauseSwitch: PauseSwitch,
  { history, signal }: ComputationTools,
): Promise<ComputedList> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 })
    return await findOrCompile(request, means, { folder, pauseSwitch, signal, tell: (event) => history.push(event) })
  } catch (error) {
    signal.throwIfAborted()
    throw tellable(error, means.onUnexpected)
  }
}

async function findOrCompile(request: ComputationRequest, means: ComputationMeans, run: Run): Promise<ComputedList> {
  const { configuration, key, owner } = request
  const { folder, signal, tell } = run
  const lists = new KeptLists(means.lists, folder, tell)
  const events = new SourceEvents(configuration, tell)
  const loads = new NotedLoads(means.sources, sharerOf(owner))
  const variants = await lists.variants(key)
  const variant = await firstThatHolds(variants, (kept) => stillHolds({ configuration, kept, key: means.serverKey, loads, events, signal }))
  const kept = variant && (await lists.take(variant))
  if (variant === undefined || kept === undefined) {
    lists.miss(key)
    return compileList(request, { ...run, ...means, lists, variants, loads, on: events.on })
  }
  lists.hit(variant.key, kept)
  const { ruleCount, metrics, compiledAt } = kept.meta
  tell({ type: 'log', data: { level: 'info', message: `Nothing has changed since ${compiledAt}: that result is given.` } })
  const diff = await compareKept(kept, previousKey(configuration.name, owner), lists, (files) =>
    means.workers.compare({ ...files, owner: sharerOf(owner), signal }),
  )
  if (diff !== undefined) tell({ type: DIFF_EVENT, data: diff })
  return { rulesFile: kept.rulesFile, ruleCount, metrics, compiledAt, cached: true, diff }
}

/** One after the other: what was found out about a source for one of them is known for the next. */
async function firstThatHolds(variants: readonly Variant[], holds: (kept: KeptList) => Promise<boolean>): Promise<Variant | undefined> {
  for (const variant of variants) if (await holds(variant.meta)) return variant
  return undefined
}

interface Run {
  readonly folder: string
  readonly pauseSwitch: PauseSwitch
  readonly signal: AbortSignal
  readonly tell: (event: ComputationEvent) => void
}

/** What is not meant for users, such as an error of the file system with its paths, becomes a fixed text. */
function tellable(error: unknown, onUnexpected: ComputationMeans['onUnexpected']): unknown {
  if (error instanceof CompileError) return error
  onUnexpected?.(error)
  return new CompileError(
    'INTERNAL_ERROR',
    'The compilation failed for a reason that is not in its input. The log of the server has the details.',
  )
}
