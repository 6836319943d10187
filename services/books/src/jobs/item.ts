import type { Json } from '@headway/protocol'
import { z } from 'zod'

/** An object whose members the service has written itself: looking into each again, for every event that is told, takes longer than telling it. */
const ownObject = z.custom<{ readonly [name: string]: Json | undefined }>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

/** The event of one row, one book or one spine that is done. */
export const ITEM_EVENT = 'book'

/** The event of a step that is no book: a photo that is looked at. It says the same. */
export const STEP_EVENT = 'step'

/** What it says. Nothing else is needed to show it in any dialect. */
export const itemSchema = z.object({
  /** How many are done, this one included, and how many there are. */
  done: z.int().nonnegative(),
  total: z.int().nonnegative(),
  /** From 0 to 1, where `done` of `total` does not tell because more may come. */
  progress: z.number().min(0).max(1).optional(),
  /** When the job began. */
  startedAt: z.iso.datetime(),
  /** Of the book, or what stands for it: never empty. */
  title: z.string(),
  isbn: z.string().optional(),
  /** What is known of it; absent where there is no book. */
  book: ownObject.optional(),
  /** What became of it, by the kind of job. */
  detail: ownObject,
})

export type Item = z.infer<typeof itemSchema>

/** What an item says beside how far the job is. */
export type NewItem = Omit<Item, 'done' | 'total' | 'startedAt'>
