import { setTimeout as wait } from 'node:timers/promises'
import { jobSchema } from '@headway/protocol'
import type { Api } from '../api/api.js'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'

const PAUSE_MS = 1000

/**
 * Asks for a cancel, again and again while the server can't be reached. Who watches the job sees how it ends.
 *
 * @throws CommandError when the server refuses
 */
export async function cancelUntilHeard(api: Api, id: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await api.request(`jobs/${id}/cancel`, jobSchema, { method: 'POST', body: { reason: 'Ctrl-C' }, repeatable: true, signal })
      return
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof CommandError) || error.exitCode !== EXIT.unreachable) throw error
    }
    await wait(PAUSE_MS, undefined, { signal }).catch(() => undefined)
  }
}
