import type { Metadata, Sharp } from 'sharp'
import sharp from 'sharp'
import { MAX_PHOTO_BYTES, MAX_PHOTO_PIXELS, MAX_SIDE } from '../limits.js'
import { ScanError } from '../scan-error.js'
import { brighten } from './brighten.js'
import type { Photo } from './picture.js'
import { photoTypeOf } from './photo-type.js'

/**
 * Checks and decodes a photo: turned as its EXIF data says, transparent parts white, dim ones brightened, at most `MAX_SIDE` pixels on its longer side.
 *
 * @throws ScanError with a code of PHOTO_ERROR_CODES
 */
export async function decodePhoto(bytes: Uint8Array, maxBytes = MAX_PHOTO_BYTES): Promise<Photo> {
  const { image, width, height } = await openPhoto(bytes, maxBytes)
  try {
    const { data, info } = await image
      .autoOrient()
      .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { picture: brighten({ width: info.width, height: info.height, rgb: data }), width, height, scale: width / info.width }
  } catch (cause) {
    throw damaged(cause)
  }
}

/**
 * Opens a photo after checking its size and type; its pixels are not decoded yet.
 *
 * @returns its size as seen upright
 * @throws ScanError with a code of PHOTO_ERROR_CODES
 */
export async function openPhoto(bytes: Uint8Array, maxBytes = MAX_PHOTO_BYTES): Promise<{ image: Sharp; width: number; height: number }> {
  if (bytes.length === 0) throw new ScanError('PHOTO_EMPTY', 'The photo has 0 bytes.')
  if (bytes.length > maxBytes) {
    throw new ScanError('PHOTO_TOO_LARGE', `The photo has ${bytes.length} bytes; at most ${maxBytes} are allowed.`)
  }
  const type = photoTypeOf(bytes)
  if (type === 'other') throw new ScanError('PHOTO_TYPE_UNSUPPORTED', 'The file is no photo in JPEG, PNG or WebP.')
  // Cut-off files are refused, not filled with grey: half a shelf would look as if that were all.
  const options = { failOn: 'truncated', sequentialRead: true, pages: 1 } as const
  let metadata: Metadata
  try {
    // The header may be read of a photo of any size: what is said about its pixels is said below.
    metadata = await sharp(bytes, { ...options, limitInputPixels: false }).metadata()
  } catch (cause) {
    throw type === 'heic' ? heicUnsupported(cause) : damaged(cause)
  }
  // The ready-made sharp reads headers of HEIC, but has no decoder for its patented compression.
  if (type === 'heic' && metadata.compression === 'hevc' && !canDecodeHevc()) throw heicUnsupported()
  const { width, height } = metadata.autoOrient
  if (width * height > MAX_PHOTO_PIXELS) {
    const message = `The photo has ${width} by ${height} pixels; at most ${MAX_PHOTO_PIXELS} in all are allowed.`
    throw new ScanError('PHOTO_TOO_MANY_PIXELS', message)
  }
  return { image: sharp(bytes, { ...options, limitInputPixels: MAX_PHOTO_PIXELS }), width, height }
}

/** A libvips that was built with a decoder for HEVC says so by the files that it reads. */
function canDecodeHevc(): boolean {
  const suffixes: readonly string[] = sharp.format.heif.input.fileSuffix ?? []
  return suffixes.includes('.heic')
}

function heicUnsupported(cause?: unknown): ScanError {
  const message = 'HEIC photos can’t be decoded here. Send the photo as JPEG (on an iPhone: Settings, Camera, Formats, Most Compatible).'
  return new ScanError('PHOTO_HEIC_UNSUPPORTED', message, { cause })
}

function damaged(cause: unknown): ScanError {
  return new ScanError('PHOTO_DAMAGED', 'The photo is cut off or damaged and can’t be decoded. Send it again.', { cause })
}
