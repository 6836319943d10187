import type { JobContext } from '@headway/core'
import type { Json } from '@headway/protocol'
import { EMIT_GROUP_BYTES } from './limits.js'

/** Emits many events fast: their commits are awaited in groups, and no more than two groups are under way. */
export class EventWriter {
  readonly #emit: JobContext['emit']
  #error: { readonly cause: unknown } | undefined
  #groupBytes = 0
  /** Of the commit that takes the last event: thousands of events share one. */
  #commit: Promise<void> | undefined
  /** The same, and never rejects. */
  #last: Promise<void> = Promise.resolve()
  #lastOfGroup: Promise<void> = Promise.resolve()

  constructor(emit: JobContext['emit']) {
    this.#emit = emit
  }

  /** @param bytes about how large it is */
  write(type: string, data: Json, bytes: number, options?: { readonly checkpoint?: Json }): void {
    this.#groupBytes += bytes
    const commit = this.#emit(type, data, options)
    if (commit === this.#commit) return
    this.#commit = commit
    this.#last = commit.catch((error: unknown) => {
      this.#error ??= { cause: error }
    })
  }

  /** Waits until there is room for more. @throws what `emit` failed with */
  async room(): Promise<void> {
    this.#throwFailure()
    if (this.#groupBytes < EMIT_GROUP_BYTES) return
    this.#groupBytes = 0
    const before = this.#lastOfGroup
    this.#lastOfGroup = this.#last
    await before
    this.#throwFailure()
  }

  /** Waits until everything is committed. @throws what `emit` failed with */
  async flush(): Promise<void> {
    await this.#last
    this.#throwFailure()
  }

  #throwFailure(): void {
    if (this.#error !== undefined) throw this.#error.cause
  }
}
