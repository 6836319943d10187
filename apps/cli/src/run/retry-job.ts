import { openApi } from '../api/api.js'
import { findJob } from '../api/find-job.js'
import type { CreationFlags } from '../commands/watch-flags.js'
import { StopSignals } from '../watch/stop-signals.js'
import { createOnce } from './create-once.js'
import { goOnWith } from './created.js'

/** `headway retry`. @returns the exit code @throws CommandError */
export async function retryJob(text: string, flags: CreationFlags): Promise<number> {
  const api = await openApi(flags)
  const before = await findJob(api, text)
  const stop = new StopSignals()
  try {
    const job = await createOnce(api, `jobs/${before.id}/retry`, undefined, flags.idempotencyKey)
    return await goOnWith(api, job, stop, flags)
  } finally {
    stop.close()
  }
}
