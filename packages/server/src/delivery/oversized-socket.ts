import { WebSocket } from 'ws'

/** Emitted before a socket is closed because of a message beyond `maxPayload`: the last moment to say so in words. */
export const OVERSIZED = 'headway:oversized'

/** RFC 6455, 7.4.1: the message is too big. */
const TOO_BIG = 1009

/** A socket of the server. `ws` closes it by itself when a message is too long, and tells of it only after its close frame was sent. */
export class OversizedSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === TOO_BIG && this.readyState === this.OPEN) this.emit(OVERSIZED)
    super.close(code, reason)
  }
}
