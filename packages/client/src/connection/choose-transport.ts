import type { Transport, TransportChoice } from '../types.js'

/** Which transport a connection is tried with. One for all connections of a client, so that what was learned is remembered. */
export interface TransportChooser {
  next(): Transport
  /** The server was heard over it. */
  worked(): void
  /**
   * The server was not heard over it.
   *
   * @param isToBlame whether the server could be reached, so that another transport may do better
   * @returns whether there is another that was not to blame yet
   */
  failed(transport: Transport, isToBlame: boolean): boolean
  /** The network may be another one: the best is tried first again. */
  again(): void
}

/** Every so many times that the server could not be reached, the next transport is tried once: the one may be blocked where the other is not. */
const TRIES = 3

/** `auto` begins with SSE, as it needs the least; WebSocket passes proxies that hold answers back; polling passes everything. */
export function createTransportChooser(choice: TransportChoice, hasSockets: boolean): TransportChooser {
  const order: readonly Transport[] = choice === 'auto' ? (hasSockets ? ['sse', 'websocket', 'poll'] : ['sse', 'poll']) : [choice]
  let best = 0
  let unreached = 0
  return {
    next: () => order[(best + (unreached % TRIES === TRIES - 1 ? 1 : 0)) % order.length] ?? 'poll',
    worked() {
      unreached = 0
    },
    failed(transport, isToBlame) {
      if (!isToBlame) {
        unreached += 1
        return true
      }
      best = (order.indexOf(transport) + 1) % order.length
      return best > 0
    },
    again() {
      best = 0
    },
  }
}
