import sharp from 'sharp'
import { MAX_PHOTO_BYTES } from '../limits.js'
import { openPhoto } from '../photo/decode-photo.js'
import { ScanError } from '../scan-error.js'
import type { ScanResult } from '../types.js'
import { overlayOf } from './overlay.js'

/** The longer side of the annotated picture, in pixels. */
const SIDE = 1600
const QUALITY = 80

/**
 * A photo with a box around each book, and its title. JPEG, upright, at most 1,600 pixels on its longer side. Titles are drawn with whatever font
 * the system has for `sans-serif` (on a system without any, boxes only: Debian's `fonts-dejavu-core` is enough).
 *
 * @param results of this photo
 * @throws ScanError with a code of PHOTO_ERROR_CODES
 */
export async function annotate(photo: Uint8Array, results: readonly ScanResult[], maxBytes = MAX_PHOTO_BYTES): Promise<Uint8Array> {
  const { image, width } = await openPhoto(photo, maxBytes)
  try {
    const { data, info } = await image
      .autoOrient()
      .resize({ width: SIDE, height: SIDE, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    const overlay = overlayOf(results, info, info.width / width)
    return await sharp(data, { raw: info })
      .composite([{ input: Buffer.from(overlay) }])
      .jpeg({ quality: QUALITY })
      .toBuffer()
  } catch (cause) {
    throw new ScanError('PHOTO_DAMAGED', 'The photo is cut off or damaged and can’t be decoded. Send it again.', { cause })
  }
}
