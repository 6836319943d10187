import type { TransportClient } from './client.js'
import { followClient, followPollClient } from './follow.js'
import { ndjsonClient } from './ndjson.js'
import { pollClient } from './poll.js'
import { sseClient } from './sse.js'
import { websocketClient } from './websocket.js'

export { WatchRefusedError } from './client.js'
export type { Received, TransportClient, WatchTarget } from './client.js'

/** A client for each transport of the native API, and for several jobs over one connection. */
export const transportClients = {
  sse: sseClient,
  ndjson: ndjsonClient,
  websocket: websocketClient,
  poll: pollClient,
  follow: followClient,
  'follow by polls': followPollClient,
} as const satisfies Record<string, TransportClient>
