import { JobFailedError } from '../errors.js'
import type { components } from '../generated/openapi.js'
import { randomKey } from '../random-key.js'
import { askWith, mustBeOk } from '../sse/ask-with.js'
import type { RequestOptions } from '../sse/ask-with.js'
import { resume } from '../sse/resume.js'
import type { Connection } from '../sse/resume.js'
import { startRun } from '../sse/run.js'
import type { Run } from '../sse/run.js'
import { sseWay } from '../sse/sse-way.js'

/** What a list is compiled of: AdGuard HostlistCompiler's configuration. */
export type FilterConfiguration = components['schemas']['CompileRequest']['configuration']

/** One message of a compilation: `event` tells which, and with it what `data` has. */
export type CompileEvent = components['schemas']['CompileStreamMessage']

/** The compiled list, `rules`, and its figures. */
export type CompiledList = components['schemas']['CompileStreamResult']

export interface CompileOptions extends RequestOptions {
  /** Texts that stand for sources, by their `source` in the configuration: these are not loaded. */
  readonly preFetchedContent?: Readonly<Record<string, string>>
  /** Adds `metrics.transformationMetrics`. */
  readonly benchmark?: boolean
}

/** The longest list that is taken, in characters: it comes as one message. */
const MAX_LIST_LENGTH = 256 * 1024 * 1024

/**
 * Compiles a filter list and tells every step. A stream that breaks is taken up again where it was: by GET, where the server has said which
 * compilation it is; else by the same POST, which under its `Idempotency-Key` begins no second one.
 *
 * ```ts
 * const compilation = compileStream({ name: 'My list', sources: [{ source: 'https://example.com/list.txt' }] }, { baseUrl })
 * for await (const { event, data } of compilation) if (event === 'progress') show(data.current / data.total)
 * const { rules } = await compilation.result()
 * ```
 */
export function compileStream(configuration: FilterConfiguration, options: CompileOptions): Run<CompileEvent, CompiledList> {
  const { preFetchedContent, benchmark, signal = new AbortController().signal, onState } = options
  const ask = askWith(options)
  const begin = {
    method: 'POST',
    body: JSON.stringify({ configuration, preFetchedContent, benchmark }),
    key: { 'Idempotency-Key': randomKey() },
  }
  let job: { readonly requestId: string; readonly token?: string | undefined } | undefined

  async function* way(connection: Connection): AsyncGenerator<CompileEvent, void, void> {
    const { key, ...request } = begin
    const messages = sseWay(
      connection,
      (init) =>
        job
          ? ask(`/compile/stream/${job.requestId}`, { ...init, token: job.token })
          : ask('/compile/stream', { ...request, ...init, headers: { ...init.headers, ...key } }),
      MAX_LIST_LENGTH,
    )
    for await (const { event, id, data } of messages) yield { event, id, data: JSON.parse(data) as unknown } as CompileEvent
  }

  return startRun({
    async *read(begun) {
      let list: CompiledList | undefined
      let error = { code: 'UNKNOWN', message: 'The compilation failed.' }
      for await (const message of resume([way], { signal, onState })) {
        if (message.event === 'job') {
          // Every connection begins with it.
          if (job) continue
          job = message.data
          begun(job.requestId)
        }
        if (message.event === 'result') list = message.data
        if (message.event === 'error') error = { code: message.data.code, message: message.data.error }
        yield message
        if (message.event !== 'done') continue
        const { status } = message.data
        return status === 'completed' ? list : new JobFailedError({ status, error })
      }
      return undefined
    },
    async cancel(id, reason) {
      await mustBeOk(ask(`/queue/cancel/${id}`, { method: 'POST', body: JSON.stringify({ reason }), token: job?.token }))
    },
  })
}
