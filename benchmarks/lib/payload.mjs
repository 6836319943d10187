/**
 * Stands once in every event of a benchmark and nowhere else in a stream: clients count it instead of parsing. No head of a WebSocket frame has
 * this byte while messages are shorter than 64 KiB and not just 127 or 383 bytes long; `fanOut` makes sure of the count.
 */
export const MARK = '\u007f'
export const MARK_BYTE = MARK.charCodeAt(0)

/** Data of an event whose JSON text has so many bytes. */
export function dataOfSize(bytes) {
  const empty = JSON.stringify({ text: MARK }).length
  return {
    text: `${'Copied resources/textures/atlas-0042.png to the target. '.repeat(Math.ceil(bytes / 50)).slice(0, bytes - empty)}${MARK}`,
  }
}

/** The line of a log that such an event makes: what contenders without a log send. */
export function lineOf(seq, type, data) {
  return JSON.stringify({ seq, at: new Date().toISOString(), type, data })
}
