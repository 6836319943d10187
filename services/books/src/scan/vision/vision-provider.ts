import type { Mapping } from '../../import/index.js'

/** A book as somebody sees it on a photo. */
export interface SeenBook {
  /** Everything that stands on the spine. */
  readonly text: string
  /** Null where it can't be read. */
  readonly title: string | null
  readonly authors: readonly string[]
  /** 0 to 1. */
  readonly confidence: number
  /** In thousandths of the photo's height and width. */
  readonly box: { readonly top: number; readonly left: number; readonly bottom: number; readonly right: number }
}

/** Somebody who can read photos and tables. */
export interface VisionProvider {
  /**
   * The books on a photo.
   *
   * @throws ScanError VISION_FAILED, VISION_ANSWER_INVALID
   */
  seeBooks(jpeg: Uint8Array, signal: AbortSignal): Promise<readonly SeenBook[]>
  /**
   * Which columns have what, by their names and first rows; undefined where that can't be told.
   *
   * @throws ScanError VISION_FAILED, VISION_ANSWER_INVALID
   */
  nameColumns(header: readonly string[], samples: readonly (readonly string[])[], signal?: AbortSignal): Promise<Mapping | undefined>
}
