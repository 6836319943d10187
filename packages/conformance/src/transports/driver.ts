import { randomUUID } from 'node:crypto'
import { defineJob } from '@headway/core'
import type { Engine, JobContext, JobType } from '@headway/core'
import { jsonSchema } from '@headway/protocol'
import type { JobId, Json } from '@headway/protocol'

/** A running job whose events a test emits. */
export interface DrivenJob {
  readonly id: JobId
  /** Resolves when the event is committed. */
  emit(type: string, data: Json): Promise<void>
  /** Lets the job complete; resolves when its log is closed. */
  finish(): Promise<void>
  /** Aborted when the job is told to stop. */
  readonly signal: AbortSignal
}

export interface Driver {
  /** To be registered with the engine. */
  readonly jobType: JobType
  start(engine: Engine): Promise<DrivenJob>
}

interface Run {
  readonly started: (context: JobContext) => void
  readonly finish: Promise<void>
}

/** Makes a job type whose jobs are driven from the test, in the same process. */
export function createDriver(): Driver {
  const runs = new Map<string, Run>()
  const jobType = defineJob({
    name: 'driven',
    input: jsonSchema,
    concurrency: 100,
    async run(run, context) {
      const known = typeof run === 'string' ? runs.get(run) : undefined
      if (known === undefined) throw new Error('This job is of another process.')
      known.started(context)
      await Promise.race([known.finish, aborted(context.signal)])
    },
  })
  return {
    jobType,
    async start(engine) {
      const run = randomUUID()
      const { promise: finished, resolve: finish } = withResolve<void>()
      const { promise: context, resolve: started } = withResolve<JobContext>()
      runs.set(run, { started, finish: finished })
      const { job } = await engine.create('driven', run)
      const { emit, signal } = await context.then((given) => ({ emit: given.emit.bind(given), signal: given.signal }))
      return {
        id: job.id,
        signal,
        emit: (type, data) => emit(type, data),
        async finish() {
          finish()
          await engine.finished(job.id, AbortSignal.timeout(20_000))
        },
      }
    },
  }
}

function withResolve<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: ((value: T) => void) | undefined
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve: (value) => resolve?.(value) }
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason as Error)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}
