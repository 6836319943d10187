import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { ServerKey } from '@headway/core'
import type { CompileMetrics, CompileWorkers, Listener, PauseSwitch } from '../compiler/index.js'
import { boundedMetrics } from './bounded-metrics.js'
import { DIFF_EVENT } from './compile-result.js'
import { diffView } from './diff-view.js'
import type { ComputationEvent } from './event-history.js'
import { keptLoads } from './kept-loads.js'
import type { KeptLists, Variant } from './kept-lists.js'
import { previousKey, RULES_FILE, TEXT_FILE } from './list-store.js'
import type { KeptList } from './list-store.js'
import type { NotedLoads } from './noted-loads.js'
import { sharerOf } from './owner.js'
import type { ComputationRequest, ComputedList } from './run-computation.js'

/** What one compilation needs. */
export interface CompileRun {
  readonly lists: KeptLists
  /** What is kept of this request already. */
  readonly variants: readonly Variant[]
  readonly workers: CompileWorkers
  readonly onSourceError: 'fail' | 'skip'
  /** See `ComputationMeans`. */
  readonly timeoutMs: number
  readonly loads: NotedLoads
  readonly serverKey: ServerKey
  readonly folder: string
  readonly pauseSwitch: PauseSwitch
  readonly signal: AbortSignal
  /** Of the compiler. */
  readonly on: Listener
  readonly tell: (event: ComputationEvent) => void
}

/** Compiles a list and keeps it for the next request. @throws CompileError; the reason of the signal */
export async function compileList(request: ComputationRequest, run: CompileRun): Promise<ComputedList> {
  const { configuration, preFetched, benchmark, owner, key } = request
  const { lists, workers, onSourceError, timeoutMs, loads, serverKey, folder, pauseSwitch, signal, on, tell, variants } = run
  const rulesFile = join(folder, RULES_FILE)
  const textFile = join(folder, TEXT_FILE)
  const previousOf = previousKey(configuration.name, owner)
  const previous = await lists.takePrevious(previousOf)
  const compiled = await workers.compile(configuration, {
    load: loads.load,
    on,
    signal,
    preFetched,
    onSourceError,
    timeoutMs,
    owner: sharerOf(owner),
    benchmark,
    pauseSwitch,
    resultFile: rulesFile,
    textFile,
    ...(previous !== undefined && { previousFile: previous.file }),
  })
  const compiledAt = new Date().toISOString()
  const metrics = boundedMetrics(compiled.metrics)
  const diff = previous && compiled.diff && diffView(compiled.diff, previous.compiledAt)
  if (diff !== undefined) tell({ type: DIFF_EVENT, data: diff })
  const kept = keptLoads(loads.noted, configuration, serverKey)
  const meta: KeptList = { id: randomUUID(), ruleCount: compiled.ruleCount, metrics, compiledAt, loads: kept }
  // A list that lacks a source, or has an old copy of one, is not what the next request should get.
  if (!isPartial(compiled.metrics, loads)) await lists.keep(key, variants, meta, rulesFile, textFile)
  await lists.keepPrevious(previousOf, { id: meta.id, compiledAt }, textFile)
  return { rulesFile, ruleCount: compiled.ruleCount, metrics, compiledAt, cached: false, diff }
}

function isPartial(metrics: CompileMetrics, loads: NotedLoads): boolean {
  return loads.incomplete || metrics.sources.some(({ stale, error }) => stale === true || error !== undefined)
}
