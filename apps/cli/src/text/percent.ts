import type { Progress } from '@headway/protocol'

/** How far a job is that is not at its end, in whole percent: 99 at most. Undefined where it is not known. */
export function percentOf({ done, total }: Progress): number | undefined {
  return total === null || total === 0 ? undefined : Math.min(99, Math.floor((100 * done) / total))
}
