import type { Framing, LargeFraming, LargeMessage, SmallMessage } from './encode.js'
import { HttpChunk } from './http-chunk.js'
import { LineEndReplacer, replaceLineEnds } from './lines.js'

const DATA_LINE = '\ndata: '

/** Messages as Server-Sent Events (HTML standard, 9.2). A line end in a body begins another `data:` line. */
export const sseFraming: Framing<HttpChunk> = {
  chunk(messages: readonly SmallMessage[]) {
    let text = ''
    for (const message of messages) text += `${sseFields(message)}data: ${replaceLineEnds(message.body, DATA_LINE)}\n\n`
    return HttpChunk.of(text)
  },
  large: (message) => largeText(message, DATA_LINE, `${sseFields(message)}data: `, '\n\n'),
}

/** Messages as Server-Sent Events without a name or an id, for streams that carry several logs: the messages have the numbers of their events. */
export const sseDataFraming: Framing<HttpChunk> = {
  chunk: (messages) => sseFraming.chunk(messages.map(({ body }) => ({ id: undefined, event: undefined, body }))),
  large: (message) => largeText(message, DATA_LINE, 'data: ', '\n\n'),
}

/** Messages as lines of JSON. Outside of its strings JSON may have line ends, inside it has none: a space is as good. */
export const ndjsonFraming: Framing<HttpChunk> = {
  chunk(messages: readonly SmallMessage[]) {
    let text = ''
    for (const message of messages) text += `${replaceLineEnds(message.body, ' ')}\n`
    return HttpChunk.of(text)
  },
  large: (message) => largeText(message, ' ', '', '\n'),
}

function sseFields(message: SmallMessage | LargeMessage): string {
  const id = message.id === undefined ? '' : `id: ${message.id}\n`
  return message.event === undefined ? id : `${id}event: ${message.event}\n`
}

function largeText(message: LargeMessage, lineEnd: string, before: string, after: string): LargeFraming<HttpChunk> {
  const lines = new LineEndReplacer(lineEnd)
  return {
    head: () => HttpChunk.of(before + replaceLineEnds(message.prefix, lineEnd)),
    middle: (bytes) => HttpChunk.of(lines.replace(bytes)),
    tail: () => HttpChunk.of(replaceLineEnds(message.suffix, lineEnd) + after),
  }
}
