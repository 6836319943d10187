import { createParser } from 'eventsource-parser'

/** A message of a stream as its description has it: its fields, `data` read as JSON. */
export interface StreamMessage {
  readonly id?: string
  readonly event?: string
  readonly data: unknown
}

/** The messages of a whole stream of Server-Sent Events. */
export function streamMessages(text: string): StreamMessage[] {
  const messages: StreamMessage[] = []
  const parser = createParser({
    onEvent({ id, event, data }) {
      messages.push({ ...(event !== undefined && { event }), ...(id !== undefined && { id }), data: JSON.parse(data) as unknown })
    },
    onError(error) {
      throw error
    },
  })
  parser.feed(text)
  return messages
}

/** The JSON lines of a text; empty lines are heartbeats. */
export function jsonLines(text: string): unknown[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown)
}
