import type { PhotoErrorCode } from './scan-error.js'

/** A point in pixels of the photo as seen upright. */
export interface Point {
  readonly x: number
  readonly y: number
}

export interface BoundingBox extends Point {
  readonly width: number
  readonly height: number
}

/** One book on a photo. What the catalog doesn't know has no title, but its text. */
export interface ScanResult {
  /** Which photo, counted from 0. */
  readonly photo: number
  readonly title: string | null
  readonly authors: readonly string[]
  /** ISBN-13. */
  readonly isbn: string | null
  /** What stands on the spine, as it was read. */
  readonly text: string
  /** 0 to 1: that it is this book; of a book without a title, 0. */
  readonly confidence: number
  readonly boundingBox: BoundingBox
  /** Its corners where it stands askew, clockwise. */
  readonly polygon?: readonly Point[]
  /** On a book that an earlier photo shows too: its number among the results of the scan, counted from 0. */
  readonly duplicateOf?: number
}

/** What happens while photos are scanned. Photos are done one after the other. */
export type ScanEvent =
  | { readonly type: 'photo_started'; readonly photo: number; readonly photos: number }
  | { readonly type: 'photo_detected'; readonly photo: number; readonly lines: number; readonly width: number; readonly height: number }
  /** So many of the photo's lines have been read. */
  | { readonly type: 'lines_read'; readonly photo: number; readonly done: number; readonly total: number }
  | { readonly type: 'spine'; readonly photo: number; readonly index: number; readonly spines: number; readonly result: ScanResult }
  | { readonly type: 'photo_done'; readonly photo: number; readonly spines: number; readonly titles: number }
  | { readonly type: 'photo_failed'; readonly photo: number; readonly code: PhotoErrorCode; readonly message: string }
  /** The last event: everything that was found, in the order of the events. */
  | { readonly type: 'results'; readonly results: readonly ScanResult[] }
