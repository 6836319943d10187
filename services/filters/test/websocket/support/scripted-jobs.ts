import { defineJob } from '@headway/core'
import type { BlobRef, JobContext, JobType } from '@headway/core'
import type { Json } from '@headway/protocol'
import { COMPILE_JOB_TYPE, compileInputSchema } from '../../../dist/jobs/compile-input.js'

/** A compilation whose course is in the hands of the test. */
export class ScriptedRun {
  readonly ctx: JobContext
  readonly ended: Promise<Json>
  #end: { resolve: (result: Json) => void; reject: (error: unknown) => void } | undefined

  constructor(ctx: JobContext) {
    this.ctx = ctx
    this.ended = new Promise((resolve, reject) => {
      this.#end = { resolve, reject }
    })
    this.ended.catch(() => undefined)
  }

  say(message: string): Promise<void> {
    return this.ctx.emit('log', { level: 'info', message })
  }

  /** @param list the JSON text of the rules, in pieces */
  async complete(list: readonly string[], ruleCount: number): Promise<void> {
    const rules: BlobRef = await this.ctx.blobs.put(pieces(list))
    const metrics = { totalDurationMs: 12, sourceCount: 1, ruleCount, sources: [] }
    this.#end?.resolve({ rules: { ...rules }, ruleCount, metrics, compiledAt: '2026-11-22T10:30:01.234Z', cached: false })
  }

  fail(error: Error): void {
    this.#end?.reject(error)
  }
}

/** Job types like the real one to whoever watches, but for the work. */
export class ScriptedJobs {
  readonly type: JobType
  readonly #runs: ScriptedRun[] = []
  readonly #waiting: ((run: ScriptedRun) => void)[] = []

  constructor() {
    this.type = defineJob({
      name: COMPILE_JOB_TYPE,
      input: compileInputSchema,
      pausable: true,
      maxRecoveries: 10,
      run: (_input, ctx) => this.#run(ctx),
    })
  }

  /** The next compilation that begins. */
  next(): Promise<ScriptedRun> {
    const there = this.#runs.shift()
    return there === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(there)
  }

  async #run(ctx: JobContext): Promise<Json> {
    const run = new ScriptedRun(ctx)
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#runs.push(run)
    else waiting(run)
    const stopped = new Promise<never>((_, reject) => {
      ctx.signal.addEventListener('abort', () => reject(ctx.signal.reason as Error), { once: true })
    })
    // The engine takes it for paused when it rests here.
    const look = setInterval(() => void ctx.pausePoint().catch(() => undefined), 10)
    return Promise.race([run.ended, stopped]).finally(() => clearInterval(look))
  }
}

async function* pieces(texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    await Promise.resolve()
    yield Buffer.from(text)
  }
}
