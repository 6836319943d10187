/** Somebody who turns texts into vectors, near to each other where the texts mean something alike. */
export interface EmbeddingProvider {
  /**
   * One vector for each text, in their order, all of the same length.
   *
   * @throws ProviderError; the signal's reason when it is aborted
   */
  embed(texts: readonly string[], signal: AbortSignal): Promise<readonly (readonly number[])[]>
  /** Closes its connections. */
  close(): Promise<void>
}
