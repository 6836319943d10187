import type { Json } from '@headway/protocol'

/** The shapes of the log and of a job. */
export type { Job, JobError, JobEvent, JobStatus, Json, Reset } from '@headway/protocol'

/** A JSON object whose members may be missing, as data of events is read that nobody has checked. */
export type JsonObject = { readonly [name: string]: Json | undefined }

/** The value as an object; an empty one for all else. */
export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
}

/** The value as a list; an empty one for all else. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : []
}

/** The value where it is a text. */
export function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** The value where it is a number. */
export function numberOf(value: Json | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined
}
