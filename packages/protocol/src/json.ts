import { z } from 'zod'

/** Any value that JSON can hold. Inputs, results, checkpoints and event data are of this type. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Accepts any JSON value; rejects what `JSON.stringify` would drop or change (functions, `undefined`, NaN). */
export const jsonSchema: z.ZodType<Json> = z.json()
