import { parentPort, workerData } from 'node:worker_threads'
import type { FromThread, ThreadStart, ToThread } from './messages.js'
import { ThreadContext } from './thread-context.js'
import { toThreadError } from './thread-error.js'

// The entry of a job's thread: loads the job's module, runs it, and says how it went.

const start = workerData as ThreadStart
const port = parentPort
if (port === null) throw new Error('thread-main runs in a worker thread only.')
const send = (message: FromThread) => port.postMessage(message)
const ctx = new ThreadContext(start, send)
port.on('message', (message: ToThread) => ctx.receive(message))

try {
  const module = (await import(start.module)) as { default?: unknown }
  if (typeof module.default !== 'function') throw new Error(`${start.module} has no function as its default export.`)
  const result: unknown = await module.default(start.input, ctx.api)
  await ctx.flushed()
  send({ what: 'result', result: result as never })
} catch (error) {
  // What was emitted before the error belongs into the log before the failure does.
  await ctx.flushed().catch(() => undefined)
  send({ what: 'error', error: toThreadError(error) })
} finally {
  port.removeAllListeners('message')
  port.unref()
}
