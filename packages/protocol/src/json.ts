import { z } from 'zod'

/**
 * Any value that JSON can hold. Inputs, results, checkpoints and event data are of this type. Members that are
 * undefined are left out, as `JSON.stringify` does.
 */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined }

/** Accepts any JSON value; rejects what `JSON.stringify` would drop or change (functions, `undefined`, NaN). */
export const jsonSchema: z.ZodType<Json> = z.json()

/** So many arrays and objects of what a client sends may stand in each other: schemas, and whoever stores the value, go through it by recursion. */
export const MAX_JSON_DEPTH = 200

/** Whether more than `depth` arrays and objects stand in each other. Level by level, not by recursion. */
export function isDeeperThan(depth: number, value: unknown): boolean {
  let level: object[] = [value].filter(isContainer)
  for (let at = 0; level.length > 0; at += 1) {
    if (at === depth) return true
    level = level.flatMap((container) => Object.values(container) as unknown[]).filter(isContainer)
  }
  return false
}

/** JSON text that is the same for objects with the same members in another order. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    isContainer(member) && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}
