import { Agent } from 'undici'
import type { AddressRules } from './addresses/address-rules.js'
import { createCheckedConnector } from './addresses/checked-connector.js'
import type { DownloaderSettings } from './options.js'

/** A connection that nobody uses is kept for so long. */
const KEEP_ALIVE_MS = 4000

/** What connects to the hosts of sources, to addresses that the rules allow only. */
export function createAgent(settings: DownloaderSettings, rules: AddressRules): Agent {
  return new Agent({
    connect: createCheckedConnector(rules, settings.resolve, settings.connectTimeoutMs),
    connections: settings.concurrencyPerHost,
    pipelining: 1,
    headersTimeout: settings.headersTimeoutMs,
    bodyTimeout: settings.bodyIdleTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
  })
}
