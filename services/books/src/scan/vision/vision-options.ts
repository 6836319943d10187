/** How a vision provider is asked. */
export interface VisionOptions {
  /** Of the Gemini API. In no log and no event. */
  readonly apiKey: string
  readonly model?: string
  /** Default: that of the API. */
  readonly baseUrl?: string
}
