import { ROUTES } from '@headway/protocol'
import { writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { WebSocket } from 'ws'
import { CACHE } from '../../scripts/lib/cache-folder.mjs'
import { withChildren } from '../lib/child.mjs'
import { filterRows } from '../lib/filter-rows.mjs'
import { startRealServer } from '../lib/real-server.mjs'
import { temporaryFolder } from '../lib/temporary-folder.mjs'
import { watchRequest } from '../servers/requests.mjs'

export const title = 'A long list is compiled while others watch'
export const about =
  '`headway serve` compiles a list of more than 700,000 lines (POST /compile/async), gives the result, streams the same compilation with its `result` (POST /compile/stream) and sends `compile:complete` over WebSocket. Meanwhile another client watches a task that prints a line every 20 ms. How late the event loop of the server’s main thread is, looked at every millisecond. Server, compiler, task and clients share the machine.'

const KEY = 'a-key-of-the-benchmarks'
const PROGRAM = fileURLToPath(new URL('../programs/print-slowly.mjs', import.meta.url))
const LEAST_RULES = 700_000
const ROW = 'all AdGuard lists'
/** All but those that take rules away. */
const TRANSFORMATIONS = ['TrimLines', 'RemoveModifiers', 'RemoveEmptyLines', 'InsertFinalNewLine']
const MOST_DELAY_MS = 20

export function contenders() {
  return { Headway: measured }
}

async function measured() {
  const folder = temporaryFolder()
  const tasks = join(folder, 'tasks.yaml')
  writeFileSync(tasks, JSON.stringify({ types: { print: { steps: [{ name: 'print', run: [process.execPath, PROGRAM] }] } } }))
  const server = await startRealServer({
    HEADWAY_DATA: join(folder, 'data'),
    HEADWAY_ADMIN_KEY: KEY,
    HEADWAY_TASKS: tasks,
    HEADWAY_FILTERS_LOCAL_FOLDER: CACHE,
    HEADWAY_LOG_LEVEL: 'error',
  })
  try {
    return await withChildren(['clients/line-watcher.mjs'], (watcher) => compiledWhileWatched(server, watcher))
  } finally {
    await server.stop()
  }
}

async function compiledWhileWatched(server, watcher) {
  const request = { configuration: configuration() }
  const { job } = await answer(server, ROUTES.createJob.replace('{type}', 'print'), {})
  const watched = watcher.call('watch', {
    port: Number(new URL(server.url).port),
    request: watchRequest(ROUTES.events.replace('{id}', job.id), { 'X-API-Key': KEY }),
    line: '"type":"line"',
    end: '"type":"cancelled"',
  })
  await server.watchDelay()
  const startedAt = performance.now()
  await compileAndFetch(server, request)
  const seconds = (performance.now() - startedAt) / 1000
  await readStream(server, request)
  await readSocket(server, request)
  const { p50, p99, max } = await server.delay()
  await answer(server, ROUTES.request.replace('{id}', job.id).replace('{request}', 'cancel'), {})
  await watched
  return { seconds, p50, p99, max }
}

function configuration() {
  const { name, paths } = filterRows().find((row) => row.name === ROW)
  return { name, sources: paths.map((path) => ({ source: relative(CACHE, path) })), transformations: TRANSFORMATIONS }
}

/** Compiles, asks for the result until it is there, and reads all of it. */
async function compileAndFetch(server, request) {
  const { requestId } = await answer(server, '/compile/async', request)
  for (;;) {
    const response = await fetch(`${server.url}/queue/results/${requestId}`, { headers: { 'X-API-Key': KEY } })
    const text = await response.text()
    if (response.status === 202) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    return assertLong(text)
  }
}

async function readStream(server, request) {
  const response = await fetch(`${server.url}/compile/stream`, post(request))
  assertLong(await response.text())
}

async function readSocket(server, request) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/ws/compile`, { maxPayload: 1 << 30 })
  try {
    await new Promise((resolve, reject) => {
      socket.on('error', reject)
      socket.on('close', (code) => reject(new Error(`The connection was closed with ${code}.`)))
      socket.on('open', () => socket.send(JSON.stringify({ type: 'compile', sessionId: 'one', ...request })))
      socket.on('message', (bytes) => {
        const start = bytes.subarray(0, 200).toString()
        if (start.includes('"compile:error"')) reject(new Error(start))
        if (!start.includes('"compile:complete"')) return
        assertLong(bytes.toString())
        resolve()
      })
    })
  } finally {
    socket.removeAllListeners('close')
    socket.close()
  }
}

/** @throws Error when a text holds fewer rules than the case is about */
function assertLong(text) {
  const count = Number(/"ruleCount":(\d+)/.exec(text.slice(-100_000))?.[1] ?? /"ruleCount":(\d+)/.exec(text)?.[1])
  if (!(count >= LEAST_RULES)) throw new Error(`The list has ${count} rules: ${text.slice(0, 300)}`)
}

const post = (body) => ({
  method: 'POST',
  headers: { 'Content-Type': 'application/json', 'X-API-Key': KEY },
  body: JSON.stringify(body),
})

async function answer(server, path, body) {
  const response = await fetch(`${server.url}${path}`, post(body))
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

export const columns = [
  { key: 'p99', label: 'delay of the event loop, p99 (ms)', digits: 1 },
  { key: 'max', label: 'largest (ms)', digits: 1 },
  { key: 'p50', label: 'median (ms)', digits: 1 },
  { key: 'seconds', label: 'until the result is read (s)', digits: 1 },
]

export function targets({ median }) {
  return [
    {
      text: 'delay of the event loop while 700,000 lines are compiled and sent, p99',
      unit: 'ms',
      measured: median('p99', 'Headway'),
      atMost: MOST_DELAY_MS,
    },
  ]
}
