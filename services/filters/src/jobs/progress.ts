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

/** The engine's own words for it, which every client of the native API understands, with the phase. */
export function jobProgress({ phase, current, total, message }: WireProgress): Progress & { readonly phase: string } {
  return { done: current, total, message, phase }
}

const storedSchema = z.object({
  phase: z.string().default('compile'),
  done: z.number(),
  total: z.number().nullable(),
  message: z.string().default(''),
})

/** What `jobProgress` made, in the contract's words again. */
export function wireProgress(data: Json): WireProgress {
  const { phase, done, total, message } = storedSchema.parse(data)
  return { phase, current: done, total: total ?? done, message }
}
