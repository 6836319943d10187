import type { JobDisplay } from './display.js'

/** Shows nothing of the job: only what this command has to say. */
export class QuietDisplay implements JobDisplay {
  readonly #err: NodeJS.WritableStream

  constructor(err: NodeJS.WritableStream) {
    this.#err = err
  }

  show(): void {
    // Nobody asked for it.
  }

  note(text: string): void {
    this.#err.write(`headway: ${text}\n`)
  }

  room(): undefined {
    return undefined
  }

  close(): void {
    // Nothing waits.
  }
}
