import type { Engine } from '@headway/core'
import { onTestFinished, vi } from 'vitest'

/** An engine that takes its own jobs up again soon after it has lost them. */
export const SHORT_LEASE = { leaseMs: 300, sweepMs: 20 } as const

/** Has the engine lose a job once: nothing is taken any more after the append that brought the log to so many books. */
export function loseLeaseAfter({ stores }: Pick<Engine, 'stores'>, books: number): { readonly isLost: () => boolean } {
  const append = stores.jobs.append.bind(stores.jobs)
  let told = 0
  let isLost = false
  const spy = vi.spyOn(stores.jobs, 'append').mockImplementation(async (appends) => {
    const has = appends.flatMap(({ events }) => events).filter(({ type }) => type === 'book').length
    if (told < books || isLost) {
      told += has
      return append(appends)
    }
    isLost = true
    return appends.map(() => ({ ok: false, code: 'stale' }))
  })
  onTestFinished(() => spy.mockRestore())
  return { isLost: () => isLost }
}
