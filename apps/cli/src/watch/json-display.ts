import type { JobDisplay } from './display.js'
import type { JobMessage } from './follow-job.js'
import { LineSink } from './line-sink.js'

/** One line of JSON for each event, as the server gave it. In a terminal the control characters that JSON allows are escaped. */
export class JsonDisplay implements JobDisplay {
  readonly #out: LineSink
  readonly #err: LineSink
  readonly #escape: boolean

  constructor(out: NodeJS.WriteStream, err: NodeJS.WritableStream) {
    this.#out = new LineSink(out)
    this.#err = new LineSink(err)
    this.#escape = out.isTTY
  }

  show({ line }: JobMessage): void {
    this.#out.write(`${this.#escape ? escapeControls(line) : line}\n`)
  }

  note(text: string): void {
    this.#err.write(`headway: ${text}\n`)
  }

  room(signal: AbortSignal): Promise<unknown> | undefined {
    return this.#out.room(signal)
  }

  close(): void {
    this.#out.flush()
    this.#err.flush()
  }
}

function escapeControls(json: string): string {
  return json.replaceAll(/\p{Cc}/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
