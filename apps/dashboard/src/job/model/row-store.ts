/** So many rows lie in one piece of text. A power of two. */
const CHUNK_ROWS = 512

/** What bounds a store of rows. */
export interface RowLimits {
  readonly rows: number
  /** Of all texts together. */
  readonly characters: number
}

/** One row: its text without line breaks, a small number for its kind, any number that belongs to it, and when it was. */
export interface Row {
  readonly text: string
  /** 0 to 65,535. */
  readonly kind: number
  /** 0 to 2^32 - 1. */
  readonly ref: number
  /** Milliseconds since 1970. */
  readonly at: number
}

interface Chunk {
  /** The rows that a chunk still gets; joined to `text` when it is full. */
  parts: string[] | undefined
  text: string
  /** Where each row ends in `text`; the line break behind it is one more. */
  readonly ends: Uint32Array
  readonly kinds: Uint16Array
  readonly refs: Uint32Array
  readonly times: Float64Array
  rows: number
  characters: number
}

/**
 * A million rows of text in little memory: a few large strings and typed arrays instead of an object for each. Rows have numbers from 0 on,
 * which they keep when rows before them fall out because the store is full.
 */
export class RowStore {
  readonly #limits: RowLimits
  readonly #chunks: Chunk[] = []
  #first = 0
  #end = 0
  #characters = 0

  constructor(limits: RowLimits) {
    this.#limits = limits
  }

  /** The number of the first row that is kept; so many have fallen out. */
  get first(): number {
    return this.#first
  }

  /** The number behind the last row. */
  get end(): number {
    return this.#end
  }

  /** Of all texts that are kept. */
  get characters(): number {
    return this.#characters
  }

  /** @returns the number of the row */
  push({ text, kind, ref, at }: Row): number {
    const chunk = this.#open()
    const index = chunk.rows
    chunk.parts?.push(text)
    chunk.characters += text.length
    chunk.ends[index] = chunk.characters + index
    chunk.kinds[index] = kind
    chunk.refs[index] = ref
    chunk.times[index] = at
    chunk.rows += 1
    if (chunk.rows === CHUNK_ROWS) close(chunk)
    this.#characters += text.length
    this.#end += 1
    this.#shrink()
    return this.#end - 1
  }

  /** The text of a row; empty for one that is not kept. */
  text(row: number): string {
    const chunk = this.#chunkOf(row)
    if (chunk === undefined) return ''
    const index = row % CHUNK_ROWS
    if (chunk.parts !== undefined) return chunk.parts[index] ?? ''
    return chunk.text.slice(startOf(chunk, index), chunk.ends[index])
  }

  kind(row: number): number {
    return this.#chunkOf(row)?.kinds[row % CHUNK_ROWS] ?? 0
  }

  ref(row: number): number {
    return this.#chunkOf(row)?.refs[row % CHUNK_ROWS] ?? 0
  }

  at(row: number): number {
    return this.#chunkOf(row)?.times[row % CHUNK_ROWS] ?? 0
  }

  /**
   * The rows from `row` on that lie together, as one text with a line break between two rows.
   *
   * @returns the text, the number of its first row, how many rows it has, and where each ends in it
   */
  piece(row: number): { readonly text: string; readonly first: number; readonly rows: number; readonly ends: Uint32Array } | undefined {
    const chunk = this.#chunkOf(row)
    if (chunk === undefined) return undefined
    const text = chunk.parts === undefined ? chunk.text : chunk.parts.join('\n')
    return { text, first: row - (row % CHUNK_ROWS), rows: chunk.rows, ends: chunk.ends }
  }

  #open(): Chunk {
    const last = this.#chunks.at(-1)
    if (last?.parts !== undefined) return last
    const chunk: Chunk = {
      parts: [],
      text: '',
      ends: new Uint32Array(CHUNK_ROWS),
      kinds: new Uint16Array(CHUNK_ROWS),
      refs: new Uint32Array(CHUNK_ROWS),
      times: new Float64Array(CHUNK_ROWS),
      rows: 0,
      characters: 0,
    }
    this.#chunks.push(chunk)
    return chunk
  }

  /** Whole chunks fall out: the numbers of rows keep pointing into theirs. */
  #shrink(): void {
    while (this.#chunks.length > 1 && (this.#end - this.#first > this.#limits.rows || this.#characters > this.#limits.characters)) {
      const chunk = this.#chunks.shift()
      this.#first += chunk?.rows ?? 0
      this.#characters -= chunk?.characters ?? 0
    }
  }

  #chunkOf(row: number): Chunk | undefined {
    if (row < this.#first || row >= this.#end) return undefined
    return this.#chunks[Math.floor((row - this.#first) / CHUNK_ROWS)]
  }
}

function close(chunk: Chunk): void {
  chunk.text = (chunk.parts ?? []).join('\n')
  chunk.parts = undefined
}

function startOf(chunk: Chunk, index: number): number {
  return index === 0 ? 0 : (chunk.ends[index - 1] ?? 0) + 1
}
