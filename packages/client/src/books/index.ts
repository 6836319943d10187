export { client, createBooksTrackClient } from './client.js'
export type { BooksTrackClient, BooksTrackClientOptions } from './client.js'
export { createSSEStream } from './create-sse-stream.js'
export type { SSEStream, SSEStreamOptions } from './create-sse-stream.js'
export { createWebSocketStream } from './create-websocket-stream.js'
export type {
  CanceledMessage,
  CompleteMessage,
  ProgressMessage,
  StreamSocket,
  WebSocketStream,
  WebSocketStreamOptions,
} from './create-websocket-stream.js'
export type { SSEProgressEvent, StreamedBook, WebSocketProgressMessage } from './messages.js'
export type { BooksTransports } from './ways.js'
