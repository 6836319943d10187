/** In the data of events: when it was sent, in seconds of the machine's clock. */
const BEFORE = '"sent":'
/** As much of a piece is kept for the next one as the sign and a time may take. In characters. */
const KEPT = 64

/** Finds in a stream that comes in pieces when each of its events was sent. */
export class SentTimes {
  #rest = ''

  /** @returns {number[]} of the events whose time came to its end in this piece */
  find(text) {
    const all = this.#rest + text
    const found = []
    let from = 0
    for (let at = all.indexOf(BEFORE); at !== -1; at = all.indexOf(BEFORE, from)) {
      const end = all.indexOf(',', at)
      if (end === -1) break
      found.push(Number(all.slice(at + BEFORE.length, end)))
      from = end
    }
    this.#rest = all.slice(Math.max(from, all.length - KEPT))
    return found
  }
}
