import { CompileError } from '../compiler/index.js'
import type { Configuration } from '../compiler/index.js'
import { sanitizeUrl } from '../download/sanitize-url.js'

/**
 * Hides the secrets of a configuration's URLs (user info, values of the query) in what is told of its compilation. The list itself names its
 * sources as they are configured.
 */
export class Redactor {
  /** As they stand in JSON texts, and what stands in their place; the longest first. */
  readonly #hidden: readonly (readonly [secret: string, shown: string])[]

  constructor(configuration: Configuration) {
    const hidden = new Map<string, string>()
    const levels = [configuration, ...configuration.sources]
    const urls = [
      ...configuration.sources.map(({ source }) => source),
      ...levels.flatMap(({ exclusions_sources: a = [], inclusions_sources: b = [] }) => [...a, ...b]),
    ]
    for (const url of urls) {
      const shown = sanitizeUrl(url)
      if (shown !== url && /^[a-z][a-z\d+.-]*:/i.test(url)) hidden.set(inJson(url), inJson(shown))
      // Includes have the user info of the file that includes them.
      const [, userInfo] = /^[a-z][a-z\d+.-]*:\/\/([^/?#]*@)/i.exec(url) ?? []
      if (userInfo !== undefined) hidden.set(inJson(userInfo), '')
    }
    this.#hidden = [...hidden].toSorted(([a], [b]) => b.length - a.length)
  }

  /** The same JSON value without secrets; itself where there are none to hide. */
  redact<Value>(value: Value): Value {
    if (this.#hidden.length === 0) return value
    let text = JSON.stringify(value)
    for (const [secret, shown] of this.#hidden) text = text.replaceAll(secret, shown)
    return JSON.parse(text) as Value
  }

  /** The same for what was thrown: the compiler's own errors, which users see. */
  redactError(error: unknown): unknown {
    if (this.#hidden.length === 0 || !(error instanceof CompileError)) return error
    const { code, message, fields } = error
    return new CompileError(code, this.redact(message), { cause: error, ...(fields !== undefined && { fields: this.redact(fields) }) })
  }
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}
