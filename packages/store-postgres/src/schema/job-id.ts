/** Internal ids of jobs hold the time of creation: milliseconds since this time, and then a number that tells those of one millisecond apart. */
export const ID_EPOCH_MS = Date.UTC(2020, 0, 1)
export const ID_NUMBER_BITS = 22

/** The lowest internal id of a job that was created at this time, in milliseconds since the Unix epoch. As text: it is more than a number holds. */
export function firstIdAt(ms: number): string {
  return ((BigInt(Math.max(0, Math.trunc(ms) - ID_EPOCH_MS)) << BigInt(ID_NUMBER_BITS)) & MAX_ID).toString()
}

const DAY_MS = 24 * 3_600_000

/** The beginning of the day (UTC) that an internal id is of, in milliseconds since the Unix epoch. */
export function dayOf(id: string): number {
  const ms = ID_EPOCH_MS + Number(BigInt(id) >> BigInt(ID_NUMBER_BITS))
  return ms - (ms % DAY_MS)
}

const MAX_ID = (1n << 63n) - 1n
