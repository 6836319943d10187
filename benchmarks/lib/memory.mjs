import { setTimeout as sleep } from 'node:timers/promises'

const ROUNDS = 4
const PAUSE_MS = 50

/** What this process holds after several forced collections, in bytes. Needs --expose-gc. */
export async function measureMemory() {
  // One collection frees what the next one can give back; finalizers run in between.
  for (let round = 0; round < ROUNDS; round++) {
    globalThis.gc()
    await sleep(PAUSE_MS)
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { rss, heap: heapUsed, external }
}
