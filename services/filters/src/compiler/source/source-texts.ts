import { CompileError } from '../compile-error.js'
import type { SourceHash } from '../compile-options.js'
import type { CompileLimits } from '../limits.js'
import type { Listener, Load } from '../types.js'
import { untilAborted } from '../until-aborted.js'
import { splitBytes, splitText } from './lines.js'
import { addressOf } from './source-name.js'
import type { SourceAddress } from './source-name.js'

/** One text that was loaded, as lines. */
export interface SourceText {
  readonly lines: string[]
  /** Bytes, expanded. */
  readonly size: number
  /** What its includes are relative to. */
  readonly base: SourceAddress
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
  /** By what was loaded: two addresses may be shown alike. */
  readonly #hashes = new Map<string, SourceHash>()
  #totalBytes = 0

  constructor(options: SourceTextsOptions) {
    this.#options = options
  }

  /** @throws CompileError SOURCE_TOO_LARGE, SOURCE_FAILED, and whatever `load` refuses with */
  async get(source: SourceAddress): Promise<SourceText> {
    const { preFetched, load, signal, on } = this.#options
    signal.throwIfAborted()
    const { given, shown } = source
    if (Object.hasOwn(preFetched, given)) {
      const text = preFetched[given] as string
      const size = Buffer.byteLength(text)
      this.#count(shown, size)
      const { createHash } = await import('node:crypto')
      this.#hashes.set(given, { source: shown, sha256: createHash('sha256').update(text).digest('hex') })
      return { lines: splitText(text), size, base: source, isStale: false }
    }
    const loaded = await untilAborted(load(given, { signal, on }), signal).catch((error: unknown) => {
      signal.throwIfAborted()
      if (error instanceof CompileError) throw error
      const why = (error instanceof Error ? error.message : String(error)).replaceAll(given, shown)
      throw new CompileError('SOURCE_FAILED', `${shown} can't be loaded: ${why}`, { cause: error })
    })
    const { bytes, sha256, finalUrl, stale } = loaded
    this.#count(shown, bytes.byteLength)
    this.#hashes.set(given, { source: shown, sha256 })
    return {
      lines: splitBytes(bytes),
      size: bytes.byteLength,
      base: finalUrl === undefined ? source : addressOf(finalUrl),
      isStale: stale === true,
    }
  }

  /** Every content so far, in the order of its name. */
  hashes(): SourceHash[] {
    return [...this.#hashes.values()].sort((a, b) => (a.source < b.source ? -1 : 1))
  }

  #count(shown: string, bytes: number): void {
    const { sourceBytes, totalBytes } = this.#options.limits
    if (bytes > sourceBytes) {
      throw new CompileError('SOURCE_TOO_LARGE', `${shown} has ${bytes} bytes; at most ${sourceBytes} are allowed.`)
    }
    this.#totalBytes += bytes
    if (this.#totalBytes > totalBytes) {
      throw new CompileError('SOURCE_TOO_LARGE', `The sources together have more than the allowed ${totalBytes} bytes.`)
    }
  }
}
