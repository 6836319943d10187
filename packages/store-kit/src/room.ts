interface Caller {
  readonly bytes: number
  enter(): void
}

/** Room for so many operations and bytes. Who comes when it is full waits, first come, first served. */
export class Room {
  readonly #maxOperations: number
  readonly #maxBytes: number
  #operations = 0
  #bytes = 0
  #outside: Caller[] = []

  constructor(maxOperations: number, maxBytes: number) {
    this.#maxOperations = maxOperations
    this.#maxBytes = maxBytes
  }

  /** Takes room for one operation. Gives a promise when there is none yet. An operation that is larger than all the room goes in alone. */
  enter(bytes: number): Promise<void> | undefined {
    if (this.#outside.length === 0 && this.#fits(bytes)) {
      this.#take(bytes)
      return undefined
    }
    return new Promise((resolve) => this.#outside.push({ bytes, enter: resolve }))
  }

  leave(operations: number, bytes: number): void {
    this.#operations -= operations
    this.#bytes -= bytes
    for (let first = this.#outside[0]; first !== undefined && this.#fits(first.bytes); first = this.#outside[0]) {
      this.#outside.shift()
      this.#take(first.bytes)
      first.enter()
    }
  }

  /** Lets everybody in, because nothing is kept here any more. */
  open(): void {
    const outside = this.#outside
    this.#outside = []
    for (const { enter } of outside) enter()
  }

  #fits(bytes: number): boolean {
    return this.#operations === 0 || (this.#operations < this.#maxOperations && this.#bytes + bytes <= this.#maxBytes)
  }

  #take(bytes: number): void {
    this.#operations += 1
    this.#bytes += bytes
  }
}
