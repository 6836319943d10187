/** What may be sent at once. */
export interface UploadLimits {
  /** In bytes. */
  readonly maxCsvBytes: number
  readonly maxPhotos: number
  /** Of one photo, in bytes. */
  readonly maxPhotoBytes: number
  /** Of the photos of one scan together, in bytes. */
  readonly maxPhotosBytes: number
  /** Books of one enrichment. */
  readonly maxBatch: number
}
