/** Two numbers of a key and a row. */
const SLOT = 3
const FIRST_SLOTS = 1024

/** The first row with each key, which is two whole numbers of 32 bits. An open table, which takes some 50 bytes a row at most. */
export class FirstRows {
  #slots: Int32Array
  #count = 0

  /** @param rows so many are expected; more find room too */
  constructor(rows: number) {
    let slots = FIRST_SLOTS
    while (slots < rows * 2) slots *= 2
    this.#slots = new Int32Array(slots * SLOT)
  }

  /** The first row with this key; `row`, a number from 1, where that is the first. */
  firstWith(a: number, b: number, row: number): number {
    if (this.#count * SLOT * 2 > this.#slots.length) this.#grow()
    const slots = this.#slots
    const at = placeOf(slots, a, b)
    const before = slots[at + 2] ?? 0
    if (before !== 0) return before
    slots[at] = a
    slots[at + 1] = b
    slots[at + 2] = row
    this.#count++
    return row
  }

  #grow(): void {
    const old = this.#slots
    const slots = new Int32Array(old.length * 2)
    for (let from = 0; from < old.length; from += SLOT) {
      if (old[from + 2] === 0) continue
      const at = placeOf(slots, old[from] ?? 0, old[from + 1] ?? 0)
      for (let part = 0; part < SLOT; part++) slots[at + part] = old[from + part] ?? 0
    }
    this.#slots = slots
  }
}

/** Where a key is, or where it belongs. */
function placeOf(slots: Int32Array, a: number, b: number): number {
  const count = slots.length / SLOT
  for (let slot = (a ^ (b >>> 7)) & (count - 1); ; slot = (slot + 1) & (count - 1)) {
    const at = slot * SLOT
    if (slots[at + 2] === 0 || (slots[at] === a && slots[at + 1] === b)) return at
  }
}
