import type { ServerKey } from '@headway/core'
import type { Configuration } from '../compiler/index.js'
import type { Checked } from '../download/index.js'
import { addressesOfKept } from './kept-loads.js'
import type { KeptList } from './list-store.js'
import type { NotedLoads } from './noted-loads.js'
import type { SourceEvents } from './source-events.js'

/** How many sources are looked at again at the same time. */
const PARALLEL_LOADS = 8

export interface RevalidateOptions {
  readonly configuration: Configuration
  readonly kept: KeptList
  readonly key: ServerKey
  readonly loads: NotedLoads
  readonly events: SourceEvents
  readonly signal: AbortSignal
}

/**
 * Looks again at all that went into a kept list and tells whether it is still the same. It stops at the first difference or failure; what was
 * found out by then, and what is on its way, is there for the compilation that follows.
 */
export async function stillHolds({ configuration, kept, key, loads, events, signal }: RevalidateOptions): Promise<boolean> {
  const expected = addressesOfKept(kept.loads, configuration, key)
  if (expected === undefined) return false
  const placesOf = new Map<string, number[]>()
  for (const [index, { source }] of configuration.sources.entries()) placesOf.set(source, [...(placesOf.get(source) ?? []), index])
  // An include belongs to a source, but nobody noted to which: then nothing is said of any before all is known.
  const hasIncludes = [...expected.keys()].some((source) => !placesOf.has(source))
  const complete = (source: string): void => {
    for (const index of placesOf.get(source) ?? []) events.complete(index, kept.metrics.sources[index]?.ruleCount ?? 0)
  }

  const queue = [...expected.keys()]
  // What needs no loading is there at once.
  for (const [source, places] of placesOf) {
    if (expected.has(source)) continue
    for (const index of places) events.start(index)
    if (!hasIncludes) complete(source)
  }
  const same = await new Promise<boolean>((resolve) => {
    let differs = false
    const worker = async (): Promise<void> => {
      for (let source = queue.shift(); source !== undefined && !differs; source = queue.shift()) {
        for (const index of placesOf.get(source) ?? []) events.start(index)
        const checked = await loads.check(source, { signal, on: events.on }).catch((): Checked | undefined => undefined)
        if (checked === undefined || checked.stale === true || checked.sha256 !== expected.get(source)) {
          differs = true
          // The compilation begins at once; it will wait for what is still on its way.
          resolve(false)
        } else if (!hasIncludes) {
          complete(source)
        }
      }
    }
    const workers = Array.from({ length: Math.min(PARALLEL_LOADS, queue.length) }, worker)
    void Promise.all(workers).then(() => resolve(!differs))
  })
  signal.throwIfAborted()
  if (same) for (const source of placesOf.keys()) complete(source)
  return same
}
