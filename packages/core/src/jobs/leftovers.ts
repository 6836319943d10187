import type { JobStore } from '../store/job-store.js'
import { killLeftovers, markedProcesses } from '../process-host/processes.js'

/**
 * Kills what runs of this store's jobs left behind, as after a server and its process host were both killed. To be called
 * before anything is claimed, when no other node can be running these jobs.
 */
export async function killLeftoversOf(store: Pick<JobStore, 'get'>): Promise<number> {
  const leftover = new Set<string>()
  for (const run of new Set(markedProcesses().map((marked) => marked.run))) {
    const id = run.slice(0, run.indexOf(':'))
    // Other programs, and other Headways, may use the same mark: only jobs of this store are its business.
    if ((await store.get(id)) !== undefined) leftover.add(run)
  }
  return leftover.size === 0 ? 0 : killLeftovers((run) => leftover.has(run))
}
