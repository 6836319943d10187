import { createProcessHost } from '@headway/core'
import { ROUTES } from '@headway/protocol'
import { createServer } from '@headway/server'
import { createTasksService } from '@headway/tasks'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { answerCalls } from '../lib/agent.mjs'
import { seconds } from '../lib/clock.mjs'
import { openEngine } from '../lib/engine.mjs'
import { watchRequest } from './requests.mjs'

// The real server with the tasks service, and one task type: a program that prints lines.

const KEY = 'a-key-of-the-benchmarks'
const PROGRAM = fileURLToPath(new URL('../programs/print-lines.mjs', import.meta.url))

const folder = await mkdtemp(join(tmpdir(), 'headway-bench-tasks-'))
const file = join(folder, 'tasks.yaml')
const params = { type: 'object', required: ['lines'], properties: { lines: { type: 'integer' } } }
const steps = [{ name: 'print', run: [process.execPath, PROGRAM, '{lines}'] }]
await writeFile(file, JSON.stringify({ types: { print: { params, steps } } }))

const { engine, threads, close } = await openEngine({ processHost: createProcessHost() })
const server = createServer({
  engine,
  services: [await createTasksService({ file })],
  version: '0',
  port: 0,
  apiKeys: [{ name: 'bench', roles: ['read', 'run'], key: KEY }],
  limits: { api: false, 'bad-credentials': false },
})
const { port } = await server.listen()
await engine.start()

/** How each kind of watcher asks for a task's log, and what shows a line and the end in it. */
const KINDS = {
  tasks: { path: '/api/tasks/{id}/stream', accept: 'text/event-stream', line: '{"type":"log"', end: '{"type":"end"}' },
  sse: { path: ROUTES.events, accept: 'text/event-stream', line: '"type":"line"', end: '"type":"completed"' },
  ndjson: { path: ROUTES.events, accept: 'application/x-ndjson', line: '"type":"line"', end: '"type":"completed"' },
}

answerCalls(
  {
    threads: () => threads,
    /** Starts the task, and says when and how to watch it. */
    async print({ lines, kind }) {
      const start = seconds()
      const { job } = await engine.create('print', { lines })
      const { path, accept, line, end } = KINDS[kind]
      const request = watchRequest(path.replace('{id}', job.id), { 'X-API-Key': KEY, Accept: accept })
      return { start, watch: { port, request, line, end } }
    },
  },
  async () => {
    await server.close()
    await close()
    await rm(folder, { recursive: true, force: true })
  },
)
