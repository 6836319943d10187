import type { Json, Progress } from '@headway/protocol'
import { z } from 'zod'

/** The engine's event for how far a job has come. */
export const PROGRESS_EVENT = 'progress'

/** How far a compilation has come, in the contract's words. */
export const wireProgressSchema = z.object({
  phase: z.string(),
  current: z.number().nonnegative(),
  total: z.number().nonnegative(),
  message: z.string(),
})
export type WireProgress = z.infer<typeof wireProgressSchema>

/** The part of the whole at which a phase begins and ends, in percent. What is between two phases is work whose length nobody knows. */
const PHASES: Readonly<Record<string, readonly [begin: number, end: number]>> = { sources: [0, 80], writing: [90, 100] }

/** The whole, in percent. */
const WHOLE = 100

/** How far a job has come over all phases. One object belongs to one run of a job: what it says never goes back. */
export class JobProgress {
  #percent = 0

  /** The engine's own words for it, which every client of the native API understands; `phase`, `current` and `of` are the contract's. */
  of({ phase, current, total, message }: WireProgress): StoredProgress {
    const [begin, end] = PHASES[phase] ?? [0, 0]
    const percent = begin + (total > 0 ? Math.min(1, current / total) * (end - begin) : 0)
    this.#percent = Math.max(this.#percent, Math.round(percent))
    return { done: this.#percent, total: WHOLE, message, phase, current, of: total }
  }
}

type StoredProgress = Progress & { readonly phase: string; readonly current: number; readonly of: number }

const storedSchema = z.object({ phase: z.string(), current: z.number(), of: z.number(), message: z.string().default('') })

/** Of jobs of earlier versions, which told of a phase alone, and of batches. */
const plainSchema = z.object({
  phase: z.string().default('compile'),
  done: z.number(),
  total: z.number().nullable(),
  message: z.string().default(''),
})

/** What `JobProgress` made, in the contract's words again. */
export function wireProgress(data: Json): WireProgress {
  const stored = storedSchema.safeParse(data).data
  if (stored !== undefined) return { phase: stored.phase, current: stored.current, total: stored.of, message: stored.message }
  const { phase, done, total, message } = plainSchema.parse(data)
  return { phase, current: done, total: total ?? done, message }
}
