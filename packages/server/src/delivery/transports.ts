/** Every way to follow a log over the network. A transport that the conformance suite does not run does not compile there. */
export const TRANSPORTS = ['sse', 'ndjson', 'websocket', 'poll'] as const
export type Transport = (typeof TRANSPORTS)[number]
