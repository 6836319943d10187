/** What the structure of JSON is made of; commas, colons, numbers and words between them say nothing here. */
const TOKEN = /["{}[\]]/g

/** Reads the texts of one list out of JSON that comes in pieces, as in `{"rules":["a","b"],"ruleCount":2}`: all of it is never there at once. */
export class ListReader {
  readonly #member: string
  readonly #take: (text: string) => void
  /** The beginning of a text whose end has not come. */
  #rest = ''
  #depth = 0
  /** The last text that stood in the outer object: the name of the list that begins behind it. */
  #name = ''
  #isInList = false
  #found = false

  /** @param member the name of the list in the outer object */
  constructor(member: string, take: (text: string) => void) {
    this.#member = member
    this.#take = take
  }

  /** Whether the list has begun. */
  get found(): boolean {
    return this.#found
  }

  push(piece: string): void {
    const json = this.#rest + piece
    let at = 0
    for (;;) {
      TOKEN.lastIndex = at
      const token = TOKEN.exec(json)
      if (token === null) {
        this.#rest = ''
        return
      }
      at = token.index + 1
      if (token[0] !== '"') {
        this.#bracket(token[0])
        continue
      }
      at = endOfText(json, at)
      if (at === -1) {
        this.#rest = json.slice(token.index)
        return
      }
      this.#text(json.slice(token.index, at))
    }
  }

  #bracket(bracket: string): void {
    if (bracket === '}' || bracket === ']') {
      this.#depth -= 1
      if (this.#depth < 2) this.#isInList = false
      return
    }
    this.#depth += 1
    if (bracket !== '[' || this.#depth !== 2 || this.#name !== this.#member) return
    this.#isInList = true
    this.#found = true
  }

  /** @param quoted as it stands in JSON */
  #text(quoted: string): void {
    if (this.#isInList ? this.#depth !== 2 : this.#depth !== 1) return
    const text = quoted.includes('\\') ? (JSON.parse(quoted) as string) : quoted.slice(1, -1)
    if (this.#isInList) this.#take(text)
    else this.#name = text
  }
}

/** The place behind a text that begins before `from`; -1 where it has not ended. */
function endOfText(json: string, from: number): number {
  for (let at = from; ;) {
    const quote = json.indexOf('"', at)
    if (quote === -1) return -1
    let escapes = 0
    while (json[quote - 1 - escapes] === '\\') escapes += 1
    if (escapes % 2 === 0) return quote + 1
    at = quote + 1
  }
}
