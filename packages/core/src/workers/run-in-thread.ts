import type { Json } from '@headway/protocol'
import { Worker } from 'node:worker_threads'
import type { Clock } from '../clock.js'
import { JobFailure } from '../errors.js'
import type { JobContext } from '../jobs/context.js'
import { StopReason } from '../jobs/context.js'
import type { PauseGate } from '../jobs/pause-gate.js'
import { COMMANDS, CONTROL } from './messages.js'
import type { FromThread, ThreadStart, ToThread } from './messages.js'
import { ThreadCalls } from './thread-calls.js'
import { fromThreadError, toThreadError } from './thread-error.js'

export interface RunInThreadOptions {
  readonly module: URL
  readonly input: Json
  readonly ctx: JobContext
  readonly gate: PauseGate
  /** Aborted when the job is to be given back where it can go on from. */
  readonly draining: AbortSignal
  readonly clock: Clock
  /** How long the thread may go on after it was told to stop. In milliseconds. */
  readonly graceMs: () => number
}

/**
 * Runs a job's module in a thread of its own, so that work that uses the processor delays nothing else. A thread that doesn't stop
 * when it must is ended.
 *
 * @throws what the module's `run` threw, with its name, code and message; JobFailure `thread_crashed`
 */
export async function runInThread(options: RunInThreadOptions): Promise<Json | void> {
  const { ctx, gate, draining, clock, graceMs } = options
  const control = new SharedArrayBuffer(CONTROL.words * Int32Array.BYTES_PER_ELEMENT)
  const words = new Int32Array(control)
  const start: ThreadStart = {
    module: options.module.href,
    control,
    input: options.input,
    job: { id: ctx.id, type: ctx.type, attempt: ctx.attempt, epoch: ctx.epoch, saved: ctx.saved, definition: ctx.definition },
  }
  const worker = new Worker(new URL('./thread-main.js', import.meta.url), { workerData: start, stdout: false, stderr: false })
  const send = (message: ToThread) => worker.postMessage(message)
  const command = (value: number) => {
    Atomics.store(words, CONTROL.command, value)
    Atomics.notify(words, CONTROL.command)
  }
  const calls = new ThreadCalls(ctx, (bytes) => {
    Atomics.sub(words, CONTROL.unacknowledged, bytes)
    Atomics.notify(words, CONTROL.unacknowledged)
  })
  const stopWatchingPause = gate.watchAsked((asked) => {
    if (!ctx.signal.aborted) command(asked ? COMMANDS.pause : COMMANDS.run)
  })
  const onDrain = (): void => void Atomics.store(words, CONTROL.draining, 1)
  let endThread: () => void = () => undefined
  const onAbort = () => {
    const { reason } = ctx.signal
    const kind = reason instanceof StopReason ? reason.kind : 'cancelled'
    command(COMMANDS[kind])
    // A thread that waits for credit must find out as well.
    Atomics.notify(words, CONTROL.unacknowledged)
    send({ what: 'stop', kind, message: reason instanceof Error ? reason.message : 'The job must stop.' })
    endThread = clock.after(graceMs(), () => void worker.terminate())
  }
  ctx.signal.addEventListener('abort', onAbort, { once: true })
  if (ctx.signal.aborted) onAbort()
  draining.addEventListener('abort', onDrain, { once: true })
  if (draining.aborted) onDrain()
  try {
    return await new Promise<Json | void>((resolve, reject) => {
      worker.on('message', (message: FromThread) => {
        if (message.what === 'result') resolve(message.result)
        else if (message.what === 'error') reject(fromThreadError(message.error))
        else {
          calls.answer(message).then(
            (value) => send({ what: 'answer', id: message.id, ...(value !== undefined && { value }) }),
            (error: unknown) => send({ what: 'refusal', id: message.id, error: toThreadError(error) }),
          )
        }
      })
      worker.on('error', (error) =>
        reject(new JobFailure('thread_crashed', `The job's thread crashed: ${error.message}`, { cause: error })),
      )
      worker.on('exit', (code) =>
        reject(ctx.signal.aborted ? ctx.signal.reason : new JobFailure('thread_crashed', `The job's thread ended with code ${code}.`)),
      )
    })
  } finally {
    stopWatchingPause()
    ctx.signal.removeEventListener('abort', onAbort)
    draining.removeEventListener('abort', onDrain)
    endThread()
    calls.close()
    await worker.terminate()
  }
}
