export type PhotoType = 'jpeg' | 'png' | 'webp' | 'heic' | 'other'

/** Brands of HEIC in a file's `ftyp` box (ISO/IEC 23008-12, annex B). AVIF has brands of its own. */
const HEIC_BRANDS = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs', 'mif1', 'msf1'])

/** What a file is by its first bytes, whatever its name says. */
export function photoTypeOf(bytes: Uint8Array): PhotoType {
  const ascii = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 16)).toString('latin1')
  if (ascii.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (ascii.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (ascii.startsWith('RIFF') && ascii.slice(8, 12) === 'WEBP') return 'webp'
  if (ascii.slice(4, 8) === 'ftyp' && HEIC_BRANDS.has(ascii.slice(8, 12))) return 'heic'
  return 'other'
}
