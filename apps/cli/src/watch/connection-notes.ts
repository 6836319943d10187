import { shortDuration } from '../text/duration.js'

/** A connection that is there again so soon was hardly lost, in milliseconds. */
const SAY_AFTER_MS = 1000

/** Says that the connection is lost, when it is for more than a moment, and that it is there again. */
export class ConnectionNotes {
  readonly #note: (text: string) => void
  readonly #giveUpAfterMs: number
  #timer: NodeJS.Timeout | undefined
  #said = false

  constructor(note: (text: string) => void, giveUpAfterMs: number) {
    this.#note = note
    this.#giveUpAfterMs = giveUpAfterMs
  }

  readonly tell = (state: 'live' | 'reconnecting'): void => {
    clearTimeout(this.#timer)
    if (state === 'reconnecting') {
      this.#timer = setTimeout(() => {
        this.#said = true
        this.#note(`the connection is lost; coming back by itself, for ${shortDuration(this.#giveUpAfterMs)}`)
      }, SAY_AFTER_MS)
    } else if (this.#said) {
      this.#said = false
      this.#note('connected again')
    }
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}
