import { createSSEStream } from '../books/create-sse-stream.js'
import { createWebSocketStream } from '../books/create-websocket-stream.js'
import type { CompleteMessage } from '../books/create-websocket-stream.js'
import type { SSEProgressEvent } from '../books/messages.js'
import type { ConnectionState } from '../types.js'
import { sharedStore } from './store.js'
import type { Store } from './store.js'

/** A job that is followed by the URL of its stream. */
export interface ObservedStream {
  /** From 0 to 1. */
  readonly progress: number
  /** `idle` without a URL, `initialized` until the job says something. */
  readonly status: 'idle' | 'initialized' | SSEProgressEvent['status']
  /** The last message, when the job is completed. */
  readonly result: SSEProgressEvent | null
  /** Why the job failed, or why the stream can't be had. */
  readonly error: Error | null
  /** Say "reconnecting" to people. */
  readonly state: ConnectionState
}

/** A job that is followed by the URL of its WebSocket. */
export interface ObservedSocket {
  /** From 0 to 1. */
  readonly progress: number
  readonly connected: boolean
  /** The last message, when the job is completed. */
  readonly result: CompleteMessage | null
  readonly error: Error | null
  /** The job was cancelled. */
  readonly canceled: boolean
  /** Say "reconnecting" to people. */
  readonly state: ConnectionState
  /** Cancels the job. */
  readonly cancel: () => void
}

/** The streams of a page belong to nobody. */
const PAGE = {}

/** Keeps what the stream of a job says. */
export function observeStream(sseUrl: string | null): Store<ObservedStream> {
  return sharedStore(PAGE, `sse ${sseUrl}`, () => {
    let shown: ObservedStream = {
      progress: 0,
      status: sseUrl === null ? 'idle' : 'initialized',
      result: null,
      error: null,
      state: sseUrl === null ? 'closed' : 'connecting',
    }
    return {
      compute: () => shown,
      open(changed) {
        if (sseUrl === null) return () => undefined
        const set = (change: Partial<ObservedStream>): void => {
          shown = { ...shown, ...change }
          changed()
        }
        const figures = ({ progress, status }: SSEProgressEvent): Partial<ObservedStream> => ({ progress, status })
        return opened(set, () => {
          const stream = createSSEStream({
            sseUrl,
            onProgress: (event) => set(figures(event)),
            onComplete: (result) => set({ ...figures(result), result }),
            onFailed: (event) =>
              set({ ...figures(event), error: Object.assign(new Error(event.error?.message ?? 'The job failed.'), event.error) }),
            onCanceled: (event) => set(figures(event)),
            onError: (error) => set({ error }),
            onState: (state) => set({ state }),
          })
          return () => stream.close()
        })
      },
    }
  })
}

/** Keeps what the WebSocket of a job says. */
export function observeSocket(websocketUrl: string | null, authToken: string | null, jobId?: string): Store<ObservedSocket> {
  return sharedStore(PAGE, `socket ${websocketUrl} ${authToken}`, () => {
    let cancelJob = (): void => undefined
    let shown: ObservedSocket = {
      progress: 0,
      connected: false,
      result: null,
      error: null,
      canceled: false,
      state: websocketUrl === null ? 'closed' : 'connecting',
      cancel: () => cancelJob(),
    }
    return {
      compute: () => shown,
      open(changed) {
        if (websocketUrl === null) return () => undefined
        const set = (change: Partial<ObservedSocket>): void => {
          shown = { ...shown, ...change }
          changed()
        }
        return opened(set, () => {
          const { ws, cancel } = createWebSocketStream({
            websocketUrl,
            ...(authToken !== null && { authToken }),
            ...(jobId !== undefined && { jobId }),
            onProgress: (message) => message.type === 'progress' && set({ progress: message.progress }),
            onComplete: (result) => set({ result, progress: 1 }),
            onCanceled: () => set({ canceled: true }),
            onError: (error) => set({ error }),
            onState: (state) => set({ state, connected: state === 'live' }),
          })
          cancelJob = cancel
          return () => {
            cancelJob = () => undefined
            ws.close()
          }
        })
      },
    }
  })
}

/** A URL that is none is told as any other error. */
function opened(set: (change: { error: Error; state: 'closed' }) => void, open: () => () => void): () => void {
  try {
    return open()
  } catch (error) {
    set({ error: error as Error, state: 'closed' })
    return () => undefined
  }
}
