/** One message of a stream of Server-Sent Events. A field that the message does not have is undefined: no id is carried over from the one before. */
export interface SseMessage {
  readonly id?: string | undefined
  readonly event?: string | undefined
  readonly data: string
}

const FIELDS = ['data', 'event', 'id']

/** Takes the text of a stream in pieces, cut anywhere. @returns whether what is held is not longer than it may be */
export type SseParser = (text: string) => boolean

/**
 * Finds the messages in the text of a stream (HTML Living Standard, 9.2.6). Each piece is gone through once, however long a line becomes.
 *
 * @param maxLength of one message, in characters
 */
export function createSseParser(maxLength: number, onMessage: (message: SseMessage) => void, onRetry?: (ms: number) => void): SseParser {
  let line = ''
  let isAfterCr = false
  let fields: Partial<Record<string, string>> = {}

  function end(): void {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?([^]*))?$/.exec(line) ?? []
    if (line === '') {
      const { data, id, event } = fields
      if (data !== undefined) onMessage({ id, event: event || undefined, data })
      fields = {}
    } else if (field === 'retry') {
      if (/^\d+$/.test(value)) onRetry?.(Number(value))
    } else if (FIELDS.includes(field))
      fields[field] = field === 'data' && fields['data'] !== undefined ? `${fields['data']}\n${value}` : value
    line = ''
  }

  return (text) => {
    // A line may end with CR, LF, or both: these in two pieces are one end.
    const lines = (isAfterCr && text.startsWith('\n') ? text.slice(1) : text).split(/\r\n|\r|\n/)
    if (text !== '') isAfterCr = text.endsWith('\r')
    for (const [index, part] of lines.entries()) {
      if (index > 0) end()
      line += part
    }
    return line.length + (fields['data']?.length ?? 0) <= maxLength
  }
}
