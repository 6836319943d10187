import type { ScanEvent, ScanResult } from './types.js'

/** Reads books off photos, one scan after the other. */
export interface PhotoScanner {
  /**
   * What happens while photos are read; the same photos give the same events. Ends at once when the signal is aborted.
   *
   * @throws ScanError; the signal's reason
   */
  scan(photos: readonly Uint8Array[], signal: AbortSignal): AsyncGenerator<ScanEvent>
  /** A photo as JPEG with the boxes and titles of its results drawn in. @throws ScanError */
  annotate(photo: Uint8Array, results: readonly ScanResult[]): Promise<Uint8Array>
  close(): Promise<void>
}
