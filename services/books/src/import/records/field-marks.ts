const FIRST_MARKS = 4096

/** The field begins with a quote: what it holds is not what stands there. */
export const QUOTED = 1
/** The field holds more than ASCII. */
export const WIDE = 2
/** The field is the last of its record. */
export const LAST = 4
/** A mark is where a field ends, and in so many bits behind that what is said of it. */
export const MARK_BITS = 3

/** Where the fields of records end, in the order of the text. One table for many records, which is used again for the next ones. */
export class FieldMarks {
  #marks = new Int32Array(FIRST_MARKS)
  /** So many fields are marked. */
  count = 0

  get marks(): Int32Array {
    return this.#marks
  }

  /** @param end the place of the delimiter, or of the line break */
  add(end: number, kind: number): void {
    if (this.count === this.#marks.length) this.#grow()
    this.#marks[this.count++] = (end << MARK_BITS) | kind
  }

  #grow(): void {
    const old = this.#marks
    this.#marks = new Int32Array(old.length * 2)
    this.#marks.set(old)
  }
}
