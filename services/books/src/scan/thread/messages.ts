import type { ScanErrorCode } from '../scan-error.js'
import type { ScanEvent } from '../types.js'
import type { VisionOptions } from '../vision/vision-options.js'
import type { StopFlag } from './stop-flag.js'

/** What the thread is started with. */
export interface ThreadSetUp {
  readonly catalogPath: string
  readonly vision: VisionOptions | undefined
  readonly maxPhotoBytes: number
  readonly stop: StopFlag
}

/** One photo, to be read; `end`: nothing more will come. */
export type ToScanThread = PhotoToRead | 'end'

export interface PhotoToRead {
  readonly photo: number
  readonly photos: number
  readonly bytes: Uint8Array
}

export type FromScanThread =
  | { readonly what: 'event'; readonly event: ScanEvent }
  /** The photo is over: read, or told as failed. */
  | { readonly what: 'photo-over' }
  /** The scan is over. */
  | { readonly what: 'failed'; readonly code: ScanErrorCode; readonly message: string; readonly retryable: boolean }
