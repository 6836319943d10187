import type { Point, ScanResult } from '../types.js'

const KNOWN = '#14b866'
const UNKNOWN = '#f59f00'
/** Letters of a label; longer titles end with an ellipsis. */
const LONGEST = 60
/** In pixels of the picture. */
const FONT = 15
const LETTER = 0.56 * FONT

/** The boxes and titles of results as SVG, as large as the picture. @param scale pixels of the picture for one of the photo */
export function overlayOf(
  results: readonly ScanResult[],
  size: { readonly width: number; readonly height: number },
  scale: number,
): string {
  const marks = results.map((result) => markOf(result, size, scale)).join('')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">${marks}</svg>`
}

function markOf(result: ScanResult, size: { readonly width: number; readonly height: number }, scale: number): string {
  const corners = (result.polygon ?? cornersOf(result)).map(({ x, y }) => ({ x: x * scale, y: y * scale }))
  const colour = result.title === null ? UNKNOWN : KNOWN
  const points = corners.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')
  const outline = `<polygon points="${points}" fill="none" stroke="${colour}" stroke-width="3" stroke-linejoin="round"/>`
  return outline + labelOf(shorten(result.title ?? result.text), colour, corners, size)
}

/** A title along the longer side of its box, on a background of its own. */
function labelOf(
  text: string,
  colour: string,
  corners: readonly Point[],
  size: { readonly width: number; readonly height: number },
): string {
  if (text === '') return ''
  const [first, second, , fourth] = corners
  if (first === undefined || second === undefined || fourth === undefined) return ''
  const length = Math.hypot(second.x - first.x, second.y - first.y)
  const across = Math.hypot(fourth.x - first.x, fourth.y - first.y)
  const [from, to, room] = length >= across ? [first, second, length] : [fourth, first, across]
  const angle = (Math.atan2(to.y - from.y, to.x - from.x) * 180) / Math.PI
  const width = text.length * LETTER + 8
  // A short box says where, not how long: the text may run on, as long as that is within the picture.
  const start = { x: clamp(from.x, size.width), y: clamp(from.y, size.height) }
  const squeeze = Math.min(1, Math.max(room, 220) / width)
  return (
    `<g transform="translate(${start.x.toFixed(1)} ${start.y.toFixed(1)}) rotate(${angle.toFixed(1)}) scale(${squeeze.toFixed(3)})">` +
    `<rect x="0" y="-2" width="${width.toFixed(1)}" height="${FONT + 6}" fill="#000000" fill-opacity="0.78"/>` +
    `<text x="4" y="${FONT}" font-family="sans-serif" font-size="${FONT}" fill="${colour}">${escapeXml(text)}</text></g>`
  )
}

function cornersOf({ boundingBox: { x, y, width, height } }: ScanResult): Point[] {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ]
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value))
}

function shorten(text: string): string {
  const letters = Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment)
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}…` : text
}

/** What XML 1.0 has no place for is left out, control characters above all. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
