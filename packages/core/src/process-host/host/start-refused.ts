import type { StartFailure } from '../frames.js'

/** A program can't be started; `failure` says why. */
export class StartRefused extends Error {
  readonly failure: StartFailure

  constructor(failure: StartFailure) {
    super(failure.message)
    this.failure = failure
  }
}
