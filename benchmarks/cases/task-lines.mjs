import { withChildren } from '../lib/child.mjs'
import { peakMemory } from '../lib/peak-memory.mjs'
import { countCpu } from '../lib/threads.mjs'

export const title = 'A program that prints a million lines'
export const about =
  'A task whose program prints lines of 60 bytes as fast as they are taken, watched by one client: from the creation of the task until the client has the last line. All of it (program, process host, server, store, client) shares the machine. Memory is the most that the server’s process was seen to have, less what it had before.'

const LINES = 1_000_000
const QUICK_LINES = 300_000
/** Compiles the code. */
const WARM_UP_LINES = 50_000
const MIB = 1024 * 1024

const KINDS = { 'the service’s stream': 'tasks', 'native SSE': 'sse', 'native NDJSON': 'ndjson' }

export function contenders(quick) {
  const lines = quick ? QUICK_LINES : LINES
  return Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, () => printed(lines, kind)]))
}

function printed(lines, kind) {
  return withChildren(['servers/tasks.mjs', 'clients/line-watcher.mjs'], async (server, client) => {
    await watchTask(server, client, WARM_UP_LINES, kind)
    const peak = peakMemory(server.pid)
    const cpu = countCpu(server.pid, await server.call('threads'))
    const elapsed = await watchTask(server, client, lines, kind)
    const shares = cpu()
    const rate = lines / elapsed
    return { rate, perCore: rate / Object.values(shares).reduce((sum, share) => sum + share, 0), memory: peak() / MIB, cpu: shares }
  })
}

/** Runs a task with a watcher. Gives seconds. @throws Error when a line is missing or came twice */
async function watchTask(server, client, lines, kind) {
  const { start, watch } = await server.call('print', { lines, kind })
  const seen = await client.call('watch', watch)
  // The runner says when the step begins and when it has ended.
  const expected = lines + 2
  if (seen.lines !== expected) throw new Error(`The watcher has ${seen.lines} lines instead of ${expected}.`)
  return seen.at - start
}

export const columns = [
  { key: 'rate', label: 'lines/s' },
  { key: 'perCore', label: 'lines per second of the server’s processor time' },
  { key: 'memory', label: 'highest growth of memory (MiB)', digits: 1 },
  { key: 'cpu', label: 'processor, in cores' },
]

export function targets({ median }) {
  return Object.keys(KINDS).map((name) => ({
    text: `lines stored and streamed a second, ${name}`,
    unit: 'a second',
    measured: median('rate', name),
    atLeast: 100_000,
  }))
}
