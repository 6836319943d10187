/** Who reads photos in place of the models that ship: Gemini. */
export interface VisionOptions {
  /** In no log, no event and no error. */
  readonly apiKey: string
  /** `gemini-2.5-flash` by default. */
  readonly model?: string
  /** Of Google's API by default. */
  readonly baseUrl?: string
  /** For one answer, in milliseconds. A minute by default. */
  readonly timeoutMs?: number
}
