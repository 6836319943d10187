import { observeSocket, observeStream } from '../observe/observe-books.js'
import type { ObservedSocket, ObservedStream } from '../observe/observe-books.js'
import { useStore } from './use-store.js'

/**
 * A job of the books' service, followed by its `sseUrl` or `streamUrl`. A connection that is lost is taken up again where it was.
 *
 * @param sseUrl null: nothing is followed yet
 */
export function useSSEStream(sseUrl: string | null): ObservedStream {
  return useStore(observeStream(sseUrl))
}

/**
 * A job of the books' service, followed by its `websocketUrl`. A connection that is lost is taken up again where it was.
 *
 * @param url null: nothing is followed yet
 * @param authToken the job's token, without which it can't be cancelled
 */
export function useWebSocketStream(url: string | null, authToken: string | null, jobId?: string): ObservedSocket {
  return useStore(observeSocket(url, authToken, jobId))
}
