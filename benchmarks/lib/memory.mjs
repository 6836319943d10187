import { setTimeout as sleep } from 'node:timers/promises'
import { getHeapSpaceStatistics } from 'node:v8'

const ROUNDS = 4
const PAUSE_MS = 50

/**
 * What this process holds after several forced collections, in bytes. Needs --expose-gc. `lasting` is the resident memory without the young
 * generation of the heap, which is empty then and whose size (1 to 48 MiB) tells of past work, not of what is held.
 */
export async function measureMemory() {
  // One collection frees what the next one can give back; finalizers run in between.
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc()
    await sleep(PAUSE_MS)
  }
  const { rss, heapUsed } = process.memoryUsage()
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')
  return { rss, heap: heapUsed, lasting: rss - young.physical_space_size }
}
