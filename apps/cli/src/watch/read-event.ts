import { commonSchemas, lifecycleSchemas } from '@headway/protocol'
import { z } from 'zod'
import { percentOf } from '../text/percent.js'
import type { SeenEvent } from './follow-job.js'
import { readBookEvent } from './read-book-event.js'
import { readCompiled, readCompileEvent } from './read-compile-event.js'

/**
 * `stdout` and `stderr` are output of the job. `info`, `success` and `error` are words about it: of its runner, or of the engine.
 */
export type LineLevel = 'stdout' | 'stderr' | 'debug' | 'info' | 'success' | 'error'

/** What there is to show of an event. */
export type Shown =
  | {
      readonly kind: 'line'
      readonly level: LineLevel
      readonly text: string
      /** The line goes on in the next one of this level. */
      readonly continued?: boolean
      /** A state that the program drew over. */
      readonly overwritten?: boolean
    }
  | { readonly kind: 'progress'; readonly percent?: number; readonly message?: string }

/** Lines of tasks. */
const lineSchema = z.object({
  level: z.enum(['stdout', 'stderr', 'info', 'success', 'error']),
  message: z.string(),
  continued: z.boolean().optional(),
  overwritten: z.boolean().optional(),
})

/** Updates of tasks. */
const updateSchema = z.object({
  status: z.literal('running'),
  progress: z.number(),
  step: z.string().optional(),
  message: z.string().optional(),
  paused: z.boolean().optional(),
})

const LOG_LEVELS: Readonly<Record<z.infer<(typeof commonSchemas)['log']>['level'], LineLevel>> = {
  debug: 'debug',
  info: 'stdout',
  warn: 'stderr',
  error: 'error',
}

/** Reads the events of one job of any type, in their order. */
export class EventReader {
  /** Tasks say in their updates what they say in `progress`, and more. */
  #updates = false

  /** What to show of an event. One that nothing is known of is shown as its JSON. */
  read({ type, data }: SeenEvent): readonly Shown[] {
    if (type === 'progress' && this.#updates) return []
    const known = READERS[type]?.(data)
    if (type === 'update' && known !== undefined) this.#updates = true
    return (
      known ??
      readCompileEvent({ type, data }) ??
      readBookEvent({ type, data }) ?? [{ kind: 'line', level: 'stdout', text: `${type} ${JSON.stringify(data)}` }]
    )
  }
}

type Reader = (data: unknown) => readonly Shown[] | undefined

/** Reads data of one shape; other data is not known, even where the name is. */
function reader<Schema extends z.ZodType>(schema: Schema, show: (data: z.output<Schema>) => readonly Shown[]): Reader {
  return (data) => {
    const parsed = schema.safeParse(data)
    return parsed.success ? show(parsed.data) : undefined
  }
}

const READERS: Readonly<Record<string, Reader>> = {
  line: reader(lineSchema, ({ message, ...line }) => [{ kind: 'line', text: message, ...line } as Shown]),
  update: reader(updateSchema, ({ progress, step, message, paused }) => [
    { kind: 'progress', percent: progress, message: paused === true ? 'paused' : [step, message].filter(Boolean).join(': ') },
  ]),
  log: reader(commonSchemas.log, ({ level, message }) => [{ kind: 'line', level: LOG_LEVELS[level], text: message }]),
  progress: reader(commonSchemas.progress, (progress) => {
    const percent = percentOf(progress)
    const message = progress.message ?? (percent === undefined ? String(progress.done) : undefined)
    return [{ kind: 'progress', ...(percent !== undefined && { percent }), ...(message !== undefined && { message }) }]
  }),
  created: reader(lifecycleSchemas.created, () => [{ kind: 'progress', percent: 0, message: 'queued' }]),
  claimed: reader(lifecycleSchemas.claimed, ({ attempt, recoveries }) => [
    ...(attempt > 1
      ? [about('info', `Attempt ${attempt} begins.`)]
      : recoveries > 0
        ? [about('info', 'Another worker goes on with it.')]
        : []),
    { kind: 'progress', message: 'running' },
  ]),
  released: reader(lifecycleSchemas.released, ({ reason, error }) => [
    error === undefined
      ? about('info', `It waits for another worker (${reason}).`)
      : about('error', `The attempt failed: ${error.message} (${error.code}). It will be tried again.`),
    { kind: 'progress', message: 'queued' },
  ]),
  recovered: reader(lifecycleSchemas.recovered, () => [
    about('error', 'Its worker was lost; it waits for another one.'),
    { kind: 'progress', message: 'queued' },
  ]),
  cancelling: reader(lifecycleSchemas.cancelling, ({ reason }) => [
    about('info', `It is being cancelled${because(reason)}.`),
    { kind: 'progress', message: 'cancelling' },
  ]),
  paused: reader(lifecycleSchemas.paused, ({ reason }) => [
    about('info', `It is paused${because(reason)}.`),
    { kind: 'progress', message: 'paused' },
  ]),
  resumed: reader(lifecycleSchemas.resumed, () => [about('info', 'It goes on.'), { kind: 'progress', message: 'running' }]),
  // How it ended is said by whoever watched it.
  completed: (data) => [...readCompiled(data), { kind: 'progress', percent: 100, message: 'completed' }],
  failed: () => [{ kind: 'progress', message: 'failed' }],
  cancelled: () => [{ kind: 'progress', message: 'cancelled' }],
}

function about(level: LineLevel, text: string): Shown {
  return { kind: 'line', level, text }
}

function because(reason: string | undefined): string {
  return reason === undefined ? '' : `: ${reason}`
}
