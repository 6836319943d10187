import { createHash } from 'node:crypto'
import { CompileError } from '../compile-error.js'
import type { SourceHash } from '../compile-options.js'
import type { CompileLimits } from '../limits.js'
import type { Listener, Load } from '../types.js'
import { splitBytes, splitText } from './lines.js'

/** One text that was loaded, as lines. */
export interface SourceText {
  readonly lines: string[]
  /** Bytes, expanded. */
  readonly size: number
  /** What its includes are relative to. */
  readonly base: string
  readonly isStale: boolean
}

export interface SourceTextsOptions {
  readonly load: Load
  readonly preFetched: Readonly<Record<string, string>>
  readonly limits: CompileLimits
  readonly signal: AbortSignal
  readonly on: Listener
}

/** Gets the texts of one compilation: pre-fetched or loaded, within the limits, and remembers what each was. */
export class SourceTexts {
  readonly #options: SourceTextsOptions
  readonly #hashes = new Map<string, string>()
  #totalBytes = 0

  constructor(options: SourceTextsOptions) {
    this.#options = options
  }

  /** @throws CompileError SOURCE_TOO_LARGE, SOURCE_FAILED, and whatever `load` refuses with */
  async get(source: string): Promise<SourceText> {
    const { preFetched, load, signal, on } = this.#options
    if (Object.hasOwn(preFetched, source)) {
      const text = preFetched[source] as string
      const size = Buffer.byteLength(text)
      this.#count(source, size)
      this.#hashes.set(source, createHash('sha256').update(text).digest('hex'))
      return { lines: splitText(text), size, base: source, isStale: false }
    }
    const loaded = await load(source, { signal, on }).catch((error: unknown) => {
      signal.throwIfAborted()
      if (error instanceof CompileError) throw error
      const why = error instanceof Error ? error.message : String(error)
      throw new CompileError('SOURCE_FAILED', `${source} can't be loaded: ${why}`, { cause: error })
    })
    const { bytes, sha256, finalUrl, stale } = loaded
    this.#count(source, bytes.byteLength)
    this.#hashes.set(source, sha256)
    return { lines: splitBytes(bytes), size: bytes.byteLength, base: finalUrl ?? source, isStale: stale === true }
  }

  /** Every content so far, in the order of its name. */
  hashes(): SourceHash[] {
    return [...this.#hashes].map(([source, sha256]) => ({ source, sha256 })).sort((a, b) => (a.source < b.source ? -1 : 1))
  }

  #count(source: string, bytes: number): void {
    const { sourceBytes, totalBytes } = this.#options.limits
    if (bytes > sourceBytes) {
      throw new CompileError('SOURCE_TOO_LARGE', `${source} has ${bytes} bytes; at most ${sourceBytes} are allowed.`)
    }
    this.#totalBytes += bytes
    if (this.#totalBytes > totalBytes) {
      throw new CompileError('SOURCE_TOO_LARGE', `The sources together have more than the allowed ${totalBytes} bytes.`)
    }
  }
}
