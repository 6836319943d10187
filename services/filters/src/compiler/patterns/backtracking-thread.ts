import { parentPort, workerData } from 'node:worker_threads'
import type { Backtracked } from './backtracking.js'

/** In: lines joined with a line feed. Out: which of them a pattern matches. */
const { sources } = workerData as { readonly sources: readonly string[] }
const patterns = sources.map((source) => new RegExp(source, 'im'))

parentPort?.on('message', (text: string) => {
  const started = performance.now()
  const lines = text.split('\n')
  const found = new Uint8Array(lines.length)
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string
    if (patterns.some((pattern) => pattern.test(line))) found[i] = 1
  }
  const answer: Backtracked = { found, durationMs: performance.now() - started }
  parentPort?.postMessage(answer, [found.buffer])
})
