import { openApi } from '../api/api.js'
import { findJob } from '../api/find-job.js'
import type { WatchFlags } from '../commands/watch-flags.js'
import { stayWithJob } from './stay-with-job.js'
import { StopSignals } from './stop-signals.js'

/** `headway watch`. @returns the exit code @throws CommandError */
export async function watchById(text: string, flags: WatchFlags & { readonly after: number }): Promise<number> {
  const api = await openApi(flags)
  const job = await findJob(api, text)
  const stop = new StopSignals()
  try {
    return await stayWithJob(api, job, flags.after, stop, flags)
  } finally {
    stop.close()
  }
}
