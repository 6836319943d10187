import type { JobType, StoredJob } from '@headway/core'
import { canonicalJson } from '@headway/protocol'

/** A request for a job whose id is known. */
interface Repetition {
  readonly type: JobType | undefined
  readonly input: unknown
  /** What of it the client said: members that only the input has are the service's own, and may be others each time. */
  readonly comparedInput: unknown
}

/** Whether a request asks for what a job does. What can't be compared is taken for the same. */
export async function asksForSame(job: StoredJob, { type, input, comparedInput }: Repetition): Promise<boolean> {
  if (job.type !== type?.name) return false
  const asked = await type.input.safeParseAsync(comparedInput)
  if (!asked.success) return true
  const own = namesOf(input).filter((name) => !namesOf(comparedInput).includes(name))
  return canonicalJson(without(job.input, own)) === canonicalJson(without(asked.data ?? null, own))
}

function without(value: unknown, names: readonly string[]): unknown {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name))) : value
}

function namesOf(value: unknown): string[] {
  return isRecord(value) ? Object.keys(value) : []
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
