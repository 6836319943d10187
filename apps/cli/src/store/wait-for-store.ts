import { setTimeout as delay } from 'node:timers/promises'
import { isPostgresUrl } from '../settings/store-url.js'

/** For how long a node that starts waits for its database: they may be started together, or one restarts while the other starts. In milliseconds. */
const PATIENCE_MS = 30_000
/** Between two tries, in milliseconds. */
const PAUSE_MS = 1_000

/**
 * Starts a node, again where its database was away meanwhile.
 *
 * @param say told once why it waits
 * @throws what `start` throws at last, or of another reason
 */
export async function waitForStore<T>(store: string, start: () => Promise<T>, say: (message: string) => void): Promise<T> {
  const giveUpAt = performance.now() + PATIENCE_MS
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await start()
    } catch (error) {
      if (!isPostgresUrl(store) || performance.now() > giveUpAt || !(await isAway(error))) throw error
      if (isFirst) say(`${(error as Error).message}; waiting for it for up to ${PATIENCE_MS / 1000} s`)
      await delay(PAUSE_MS)
    }
  }
}

async function isAway(error: unknown): Promise<boolean> {
  const { isDatabaseAway } = await import('@headway/store-postgres')
  return isDatabaseAway(error)
}
