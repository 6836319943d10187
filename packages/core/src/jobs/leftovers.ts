import type { JobStore } from '../store/job-store.js'
import { killLeftovers, markedProcesses } from '../process-host/processes.js'

/** A job's id, as the engine and its clients make them, and the epoch of a run of it. */
const RUN = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):([0-9]{1,15})$/

/**
 * Kills what runs of this store's jobs left behind on this machine, as after a server and its process host were both killed. What belongs to a run
 * whose lease is held stays: another node on this machine is at it. To be called before anything is claimed.
 */
export async function killLeftoversOf(store: Pick<JobStore, 'get' | 'held'>): Promise<number> {
  const ours: { readonly run: string; readonly jobId: string; readonly epoch: number }[] = []
  for (const run of new Set(markedProcesses().map((marked) => marked.run))) {
    const [, jobId = '', epoch = ''] = RUN.exec(run) ?? []
    // Other programs, and other Headways, may use the same mark: only jobs of this store are its business.
    if (jobId !== '' && (await store.get(jobId)) !== undefined) ours.push({ run, jobId, epoch: Number(epoch) })
  }
  const held = await store.held(ours.map(({ jobId, epoch }) => ({ jobId, epoch })))
  const leftover = new Set(ours.filter((_, index) => held[index] !== true).map(({ run }) => run))
  return leftover.size === 0 ? 0 : killLeftovers((run) => leftover.has(run))
}
