import { randomUUID } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { CompileMetrics, CompileWorkers, Configuration, Diff, Listener, Load, PauseSwitch } from '../compiler/index.js'
import { boundedMetrics, firstOf } from './bounded-metrics.js'
import { DIFF_EVENT } from './compile-result.js'
import type { CompileMetricsView, DiffView } from './compile-result.js'
import type { ComputationTools } from './computation.js'
import type { ComputationEvent } from './event-history.js'
import type { Evicted } from './file-cache.js'
import { previousKey, RULES_FILE, TEXT_FILE } from './list-store.js'
import type { KeptList, ListStore } from './list-store.js'
import { NotedLoads } from './noted-loads.js'
import { Redactor } from './redactor.js'
import { stillHolds } from './revalidate.js'
import { SourceEvents } from './source-events.js'

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
  readonly load: Load
  readonly workers: CompileWorkers
  readonly lists: ListStore
  readonly onSourceError: 'fail' | 'skip'
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

/** Of the rules that came or went, so many characters of JSON are told: all of it is a part of one event. */
const MAX_EXAMPLES_CHARACTERS = 4 * 1024

/**
 * Compiles a list, or gives the one that is kept where nothing that went into it has changed.
 *
 * @param folder empty, for the files of this computation
 * @throws CompileError; the reason of the signal
 */
export async function runComputation(
  request: ComputationRequest,
  means: ComputationMeans,
  folder: string,
  pauseSwitch: PauseSwitch,
  { history, signal }: ComputationTools,
): Promise<ComputedList> {
  const redactor = new Redactor(request.configuration)
  const tell = (event: ComputationEvent): void => history.push(redactor.redact(event))
  try {
    const list = await findOrCompile(request, means, { folder, pauseSwitch, signal, tell })
    return { ...list, metrics: redactor.redact(list.metrics) }
  } catch (error) {
    throw redactor.redactError(error)
  }
}

async function findOrCompile(request: ComputationRequest, means: ComputationMeans, run: Run): Promise<ComputedList> {
  const { configuration, key } = request
  const { lists } = means
  const { folder, signal, tell } = run
  const events = new SourceEvents(configuration, tell)
  const loads = new NotedLoads(means.load)
  // Its files are other names of those in the cache: nothing may be written over them.
  const keptFolder = join(folder, 'kept')
  await mkdir(keptFolder)
  const kept = await lists.results.take(key, keptFolder)
  if (kept === undefined || !(await stillHolds({ configuration, kept: kept.meta, loads, events, signal }))) {
    tell(cacheEvent('miss', key))
    return compileList(request, means, run, loads, events.on)
  }
  tell(cacheEvent('hit', key, kept.size))
  const message = `Nothing has changed since ${kept.meta.compiledAt}: that result is given.`
  tell({ type: 'log', data: { level: 'info', message } })
  const diff = await compareKept(request, kept.meta, means, keptFolder, signal)
  if (diff !== undefined) tell({ type: DIFF_EVENT, data: diff })
  const { ruleCount, metrics, compiledAt } = kept.meta
  return { rulesFile: join(keptFolder, RULES_FILE), ruleCount, metrics, compiledAt, cached: true, diff }
}

interface Run {
  readonly folder: string
  readonly pauseSwitch: PauseSwitch
  readonly signal: AbortSignal
  readonly tell: (event: ComputationEvent) => void
}

async function compileList(
  request: ComputationRequest,
  means: ComputationMeans,
  { folder, pauseSwitch, signal, tell }: Run,
  loads: NotedLoads,
  on: Listener,
): Promise<ComputedList> {
  const { configuration, preFetched, benchmark, owner, key } = request
  const { lists, workers, onSourceError } = means
  const rulesFile = join(folder, RULES_FILE)
  const textFile = join(folder, TEXT_FILE)
  const previousOf = previousKey(configuration.name, owner)
  const previous = await takePrevious(lists, previousOf, folder)
  const compiled = await workers.compile(configuration, {
    load: loads.load,
    on,
    signal,
    preFetched,
    onSourceError,
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
  const meta: KeptList = { id: randomUUID(), ruleCount: compiled.ruleCount, metrics, compiledAt, loads: [...loads.noted] }
  // A list that lacks a source, or has an old copy of one, is not what the next request should get.
  if (!isPartial(compiled.metrics, loads)) {
    const { kept, size, evicted } = await lists.results.put(key, meta, [rulesFile, textFile])
    for (const one of evicted) tell(evictEvent(one))
    if (kept) tell(cacheEvent('write', key, size))
  }
  await lists.previous.put(previousOf, { id: meta.id, compiledAt }, [textFile])
  return { rulesFile, ruleCount: compiled.ruleCount, metrics, compiledAt, cached: false, diff }
}

function isPartial(metrics: CompileMetrics, loads: NotedLoads): boolean {
  return loads.incomplete || metrics.sources.some(({ stale, error }) => stale === true || error !== undefined)
}

/** The previous list of the same name, as a file that is this computation's own. */
async function takePrevious(lists: ListStore, key: string, folder: string): Promise<{ file: string; compiledAt: string } | undefined> {
  const into = join(folder, 'previous')
  await mkdir(into)
  const found = await lists.previous.take(key, into)
  return found && { file: join(into, TEXT_FILE), compiledAt: found.meta.compiledAt }
}

/** How a kept list differs from the last one of its name, which it then is itself. */
async function compareKept(
  { configuration, owner }: ComputationRequest,
  kept: KeptList,
  { lists, workers }: ComputationMeans,
  folder: string,
  signal: AbortSignal,
): Promise<DiffView | undefined> {
  const key = previousKey(configuration.name, owner)
  const last = await lists.previous.peek(key)
  if (last?.id === kept.id) return { added: 0, removed: 0, addedExamples: [], removedExamples: [], previousCompiledAt: last.compiledAt }
  const previous = await takePrevious(lists, key, folder)
  const textFile = join(folder, TEXT_FILE)
  const diff = previous && diffView(await workers.compare({ textFile, previousFile: previous.file, signal }), previous.compiledAt)
  await lists.previous.put(key, { id: kept.id, compiledAt: kept.compiledAt }, [textFile])
  return diff
}

function diffView({ added, removed, addedExamples, removedExamples }: Diff, previousCompiledAt: string): DiffView {
  return {
    added,
    removed,
    addedExamples: firstOf(addedExamples, MAX_EXAMPLES_CHARACTERS),
    removedExamples: firstOf(removedExamples, MAX_EXAMPLES_CHARACTERS),
    previousCompiledAt,
  }
}

function cacheEvent(operation: 'hit' | 'miss' | 'write' | 'evict', key: string, size?: number): ComputationEvent {
  return { type: 'cache', data: { eventId: randomUUID(), category: 'cache', operation, key, ...(size !== undefined && { size }) } }
}

function evictEvent({ key, size }: Evicted): ComputationEvent {
  return cacheEvent('evict', key, size)
}
