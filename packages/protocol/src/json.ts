import { z } from 'zod'

/**
 * Any value that JSON can hold. Inputs, results, checkpoints and event data are of this type. Members that are
 * undefined are left out, as `JSON.stringify` does.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Accepts any JSON value; rejects what `JSON.stringify` would drop or change (functions, `undefined`, NaN). */
export const jsonSchema: z.ZodType<Json> = z.json()
