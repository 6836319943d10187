/** Backgrounds and inks that publishers use, as pairs that can be read. */
const COLOURS = [
  ['#7a1f1f', '#f4e6c8'],
  ['#1d3557', '#f1faee'],
  ['#f2e8cf', '#2b2b2b'],
  ['#111111', '#e9c46a'],
  ['#2a5d4e', '#fefae0'],
  ['#e76f51', '#ffffff'],
  ['#ffffff', '#b3001b'],
  ['#f4a261', '#1b1b1b'],
  ['#5a3d7a', '#f7e8ff'],
  ['#264653', '#ffd166'],
  ['#d9d9d9', '#10316b'],
  ['#3b2f2f', '#d4af37'],
  ['#fdf0d5', '#780000'],
  ['#006d77', '#edf6f9'],
]
const FONTS = [
  'DejaVu Serif',
  'DejaVu Sans',
  'DejaVu Sans Condensed',
  'Liberation Sans',
  'Liberation Serif',
  'Liberation Sans Narrow',
  'DejaVu Serif Condensed',
]
const PUBLISHERS = ['PENGUIN', 'VINTAGE', 'Picador', 'FABER', 'Knopf', 'HARPER', 'Signet', 'TOR']

/** What stands on the spine: subtitles are left to the front cover. */
export function shortTitle(title) {
  const [head] = title.split(/: | \(/u)
  return title.length > 45 && head !== undefined ? head : title
}

/**
 * How one book looks.
 *
 * @param {{ title: string, author: string }} book
 * @param {ReturnType<typeof import('./random.mjs').randomOf>} random
 * @returns colours, type, and which way its text runs on a standing book: 90 (downwards), 270 (upwards) or 0 (lines across a thick spine)
 */
export function spineOf(book, random) {
  const [background, ink] = random.pick(COLOURS)
  const short = shortTitle(book.title)
  const words = short.split(' ')
  const canBeUpright = words.length <= 6 && words.every((word) => word.length <= 10)
  const turn = canBeUpright && random.chance(0.12) ? 0 : random.chance(0.85) ? 90 : 270
  return {
    book,
    background,
    ink,
    font: random.pick(FONTS),
    bold: random.chance(0.45),
    italic: random.chance(0.12),
    title: random.chance(0.4) ? short.toUpperCase() : short,
    author: random.chance(0.3) ? book.author.toUpperCase() : book.author,
    publisher: random.chance(0.3) ? random.pick(PUBLISHERS) : '',
    turn,
    order: random.pick(['author-first', 'title-first', 'title-first', 'rows']),
    band: random.chance(0.25),
    thickness: turn === 0 ? random.between(1.5, 1.9) : random.between(0.72, 1.35),
    tall: random.between(0.8, 1),
  }
}
