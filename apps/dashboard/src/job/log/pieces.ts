import Anser from 'anser'

/** Of a line at most so many characters are shown; the rest is in the copy, the download and the event. */
export const MAX_SHOWN_CHARACTERS = 2000

/** A part of a line that looks the same throughout. */
export interface Piece {
  readonly text: string
  /** Names of classes, of `ansi.module.css`. */
  readonly classes: readonly string[]
  /** Colours that have no class, as `rgb(1,2,3)`. */
  readonly color: string | undefined
  readonly background: string | undefined
  /** Whether it is what was searched. */
  readonly isHit: boolean
}

interface Styled {
  readonly text: string
  readonly classes: readonly string[]
  readonly color: string | undefined
  readonly background: string | undefined
}

/** The pieces of a line: its colours, as its escape sequences say, and what of it was searched. */
export function piecesOf(line: string, needle: string, matchCase: boolean): readonly Piece[] {
  const styled = styledPieces(line.length > MAX_SHOWN_CHARACTERS ? `${line.slice(0, MAX_SHOWN_CHARACTERS)} …` : line)
  if (needle === '') return styled.map((piece) => ({ ...piece, isHit: false }))
  const text = styled.map((piece) => piece.text).join('')
  return cutAtHits(styled, hitsIn(text, needle, matchCase))
}

function styledPieces(line: string): readonly Styled[] {
  if (!line.includes('\u001b')) return [{ text: line, classes: [], color: undefined, background: undefined }]
  return Anser.ansiToJson(line, { json: true, use_classes: true, remove_empty: true }).map(
    ({ content, fg, bg, fg_truecolor, bg_truecolor, decorations }) => {
      const background = colorOf(bg, bg_truecolor)
      const color = colorOf(fg, fg_truecolor) ?? (background === undefined || isNamed(fg) ? undefined : readableOn(background))
      const own = color === undefined ? [] : [background === undefined && !isNamed(bg) ? 'ansi-own' : 'ansi-as-is']
      const named = [...(isNamed(bg) ? [`bg-${bg}`] : []), ...(isNamed(fg) ? [fg] : [])]
      return { text: content, classes: [...named, ...own, ...decorations.map((decoration) => `is-${decoration}`)], color, background }
    },
  )
}

/** Whether it is one of the sixteen colours, which our own style sheet has for dark and for light. */
function isNamed(name: string | null): name is string {
  return name !== null && /^ansi-(bright-)?[a-z]+$/.test(name) && name !== 'ansi-truecolor'
}

function colorOf(name: string | null, truecolor: string | null): string | undefined {
  if (name === 'ansi-truecolor') return truecolor === null ? undefined : `rgb(${truecolor})`
  const index = /^ansi-palette-(\d+)$/.exec(name ?? '')?.[1]
  return index === undefined ? undefined : paletteColor(Number(index))
}

/** Black or white, whatever is read better on a background. */
function readableOn(background: string): string {
  const [red = 0, green = 0, blue = 0] = background.match(/\d+/g)?.map(Number) ?? []
  // Luma, ITU-R BT.601.
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? 'rgb(0,0,0)' : 'rgb(255,255,255)'
}

/** Of the colours 16 to 255 of terminals: a cube of 6 × 6 × 6, and greys. */
function paletteColor(index: number): string {
  if (index >= 232) return `rgb(${Array.from({ length: 3 }, () => 8 + (index - 232) * 10).join(',')})`
  const place = index - 16
  const parts = [Math.floor(place / 36), Math.floor(place / 6) % 6, place % 6]
  return `rgb(${parts.map((part) => (part === 0 ? 0 : 55 + part * 40)).join(',')})`
}

function hitsIn(text: string, needle: string, matchCase: boolean): readonly number[] {
  const lower = text.toLowerCase()
  // Where small letters are longer than large ones, places would not fit: such a line is found, but not marked.
  if (!matchCase && lower.length !== text.length) return []
  const [haystack, wanted] = matchCase ? [text, needle] : [lower, needle.toLowerCase()]
  const edges: number[] = []
  for (let at = haystack.indexOf(wanted); at !== -1; at = haystack.indexOf(wanted, at + wanted.length)) edges.push(at, at + wanted.length)
  return edges
}

/** @param edges where hits begin and end, in turns */
function cutAtHits(styled: readonly Styled[], edges: readonly number[]): readonly Piece[] {
  const pieces: Piece[] = []
  let position = 0
  let next = 0
  for (const { text, ...style } of styled) {
    const end = position + text.length
    let from = position
    while (from < end) {
      while ((edges[next] ?? Infinity) <= from) next += 1
      const to = Math.min(end, edges[next] ?? Infinity)
      pieces.push({ ...style, text: text.slice(from - position, to - position), isHit: next % 2 === 1 })
      from = to
    }
    position = end
  }
  return pieces
}
