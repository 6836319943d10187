/** Codes of errors that one photo can have; the others of the same scan are read all the same. */
export const PHOTO_ERROR_CODES = [
  'PHOTO_EMPTY',
  'PHOTO_TOO_LARGE',
  'PHOTO_TOO_MANY_PIXELS',
  'PHOTO_TYPE_UNSUPPORTED',
  'PHOTO_HEIC_UNSUPPORTED',
  'PHOTO_DAMAGED',
] as const

export type PhotoErrorCode = (typeof PHOTO_ERROR_CODES)[number]

/** Codes of errors that end a scan. */
export const SCAN_ERROR_CODES = [
  'OCR_UNAVAILABLE',
  'CATALOG_UNAVAILABLE',
  'SCAN_FAILED',
  'SCAN_THREAD_ENDED',
  'VISION_FAILED',
  'VISION_ANSWER_INVALID',
] as const

export type ScanErrorCode = PhotoErrorCode | (typeof SCAN_ERROR_CODES)[number]

/** Why a photo or a scan failed. `code` is stable; the message says what to do. */
export class ScanError extends Error {
  override readonly name = 'ScanError'
  readonly code: ScanErrorCode
  /** Whether the same might succeed later. */
  readonly retryable: boolean

  constructor(code: ScanErrorCode, message: string, options: ErrorOptions & { readonly retryable?: boolean } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.retryable = options.retryable ?? false
  }
}

/** Whether an error is about one photo only. */
export function isPhotoErrorCode(code: ScanErrorCode): code is PhotoErrorCode {
  return PHOTO_ERROR_CODES.some((known) => known === code)
}
