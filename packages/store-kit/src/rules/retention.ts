import type { Retention, RetentionPolicy } from '@headway/core'
import type { TerminalStatus } from '@headway/protocol'

/** Types whose finished jobs are counted together. */
export interface Share {
  readonly types: string[]
  readonly keep: Retention
  jobs: number
}

/** Statuses of jobs that are over: all of them, or it does not compile. */
export const TERMINAL_STATUSES = Object.keys({ completed: 0, failed: 0, cancelled: 0 } satisfies Record<TerminalStatus, 0>)

/** Who counts together, of the types that have finished jobs. */
export function sharesOf(types: readonly { readonly type: string; readonly jobs: number }[], retention: RetentionPolicy): Share[] {
  const grouped = new Map<string, Share>()
  for (const { types: members, keep } of retention.groups ?? []) {
    const share: Share = { types: [], keep, jobs: 0 }
    for (const type of members) grouped.set(type, share)
  }
  const shares = new Set<Share>()
  for (const { type, jobs } of types) {
    const share = grouped.get(type) ?? { types: [], keep: retention.byType?.[type] ?? retention.default, jobs: 0 }
    share.types.push(type)
    share.jobs += jobs
    shares.add(share)
  }
  return [...shares]
}
