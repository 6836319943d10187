import { MAX_EVENT_BYTES } from '@headway/protocol'
import type { JobEvent, Json, Seq } from '@headway/protocol'
import { HeadwayError } from '../errors.js'

const SEQ_AT = '{"seq":'.length
const AT_SKIP = ',"at":"'.length
const AT_LENGTH = '2026-01-01T00:00:00.000Z'.length
const TYPE_SKIP = '","type":"'.length
const DATA_SKIP = '","data":'.length

let isoMs = Number.NaN
let isoText = ''

/** Many events share a millisecond; making its text costs more than the rest of a short event. */
function isoOf(ms: number): string {
  if (ms !== isoMs) {
    isoText = new Date(ms).toISOString()
    isoMs = ms
  }
  return isoText
}

/**
 * An event as it is stored and sent: one JSON line, made once. The line always has the members seq, at, type
 * and data in this order, so that the first three are cut out without parsing; data is parsed when somebody asks.
 */
export class LogEvent implements JobEvent {
  readonly seq: Seq
  readonly at: string
  readonly type: string
  /** The whole event as JSON, without a line break. */
  readonly line: string
  readonly #dataAt: number
  #data: Json | undefined
  #bytes = 0

  private constructor(seq: Seq, at: string, type: string, line: string, dataAt: number) {
    this.seq = seq
    this.at = at
    this.type = type
    this.line = line
    this.#dataAt = dataAt
  }

  /**
   * @param at milliseconds since the Unix epoch, or the ISO text of it
   * @param dataJson the data as JSON text
   * @throws HeadwayError EVENT_TOO_LARGE when the line is over 64 KiB
   */
  static encode(seq: Seq, at: number | string, type: string, dataJson: string): LogEvent {
    const iso = typeof at === 'string' ? at : isoOf(at)
    const line = `{"seq":${seq},"at":"${iso}","type":"${type}","data":${dataJson}}`
    // A UTF-16 unit is at most 3 bytes of UTF-8: short lines need no count.
    if (line.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(line) > MAX_EVENT_BYTES) {
      throw new HeadwayError(
        'EVENT_TOO_LARGE',
        `An event is at most ${MAX_EVENT_BYTES} bytes; put larger values into a blob and refer to it.`,
      )
    }
    return new LogEvent(seq, iso, type, line, line.length - 1 - dataJson.length)
  }

  /** Takes a line that `encode` made. */
  static decode(line: string): LogEvent {
    const seqEnd = line.indexOf(',', SEQ_AT)
    const atStart = seqEnd + AT_SKIP
    const typeStart = atStart + AT_LENGTH + TYPE_SKIP
    const typeEnd = line.indexOf('"', typeStart)
    return new LogEvent(
      Number(line.slice(SEQ_AT, seqEnd)),
      line.slice(atStart, atStart + AT_LENGTH),
      line.slice(typeStart, typeEnd),
      line,
      typeEnd + DATA_SKIP,
    )
  }

  /** The size of the line in bytes of UTF-8. */
  get bytes(): number {
    if (this.#bytes === 0) this.#bytes = Buffer.byteLength(this.line)
    return this.#bytes
  }

  get data(): Json {
    this.#data ??= JSON.parse(this.line.slice(this.#dataAt, -1)) as Json
    return this.#data
  }

  toJSON(): JobEvent {
    return { seq: this.seq, at: this.at, type: this.type, data: this.data }
  }
}
