import { createParser } from 'eventsource-parser'

export interface StreamEvent {
  readonly event: string | undefined
  readonly id: string | undefined
  readonly data: Record<string, unknown>
}

/** All events of a stream, until the server ends it. */
export async function eventsOf(url: string, headers: Readonly<Record<string, string>> = {}): Promise<StreamEvent[]> {
  const answer = await fetch(url, { headers: { Accept: 'text/event-stream', ...headers } })
  if (answer.status !== 200) throw new Error(`The stream answered ${answer.status}: ${await answer.text()}`)
  const events: StreamEvent[] = []
  const parser = createParser({
    onEvent: ({ event, id, data }) => events.push({ event, id, data: JSON.parse(data) as Record<string, unknown> }),
  })
  const decoder = new TextDecoder()
  for await (const chunk of answer.body!) parser.feed(decoder.decode(chunk, { stream: true }))
  return events
}
