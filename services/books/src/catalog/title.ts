import { fold, wordsOf } from './fold.js'

/** A title as it is compared: folded, without an article in front and what stands in brackets behind. */
export interface ComparedTitle {
  readonly main: string
  /** Empty where there is none. */
  readonly subtitle: string
}

/** Of the languages most catalogs have. */
const ARTICLES = new Set([
  'the',
  'a',
  'an',
  'le',
  'la',
  'les',
  'un',
  'une',
  'der',
  'die',
  'das',
  'ein',
  'eine',
  'el',
  'los',
  'las',
  'il',
  'lo',
  'gli',
])

const OPENING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' }
const SUBTITLE_MARK = /\s*[:;]\s+|\s+[-–—/=]\s+/

/** @param subtitle what is after the colon of the title, where that is not known */
export function compareTitle(title: string, subtitle?: string): ComparedTitle {
  const bare = withoutBrackets(title)
  const mark = SUBTITLE_MARK.exec(bare)
  if (mark === null || mark.index === 0) return { main: withoutArticle(bare), subtitle: fold(subtitle ?? '') }
  const rest = bare.slice(mark.index + mark[0].length)
  return { main: withoutArticle(bare.slice(0, mark.index)), subtitle: fold(subtitle === undefined ? rest : `${rest} ${subtitle}`) }
}

/** The key under which editions with this title are found at once. */
export function titleKey(title: string): string {
  return compareTitle(title).main
}

function withoutBrackets(title: string): string {
  let kept = title
  for (;;) {
    const end = kept.trimEnd()
    const opening = openingOfLast(end)
    const bare = opening === -1 ? '' : end.slice(0, opening).trimEnd()
    if (bare === '') return kept
    kept = bare
  }
}

/** Where the bracket opens that closes at the end of a text; -1 where none does. Nothing is read twice, however many there are. */
function openingOfLast(text: string): number {
  const close = text.at(-1) ?? ''
  const open = OPENING[close]
  if (open === undefined) return -1
  for (let at = text.length - 2; at >= 0; at--) {
    if (text[at] === open) return at
    if (text[at] === close) return -1
  }
  return -1
}

function withoutArticle(text: string): string {
  const turned = text.replace(/,\s+(the|an?|le|la|les|der|die|das|el)\s*$/i, '').replace(/^l['’]/i, '')
  const words = wordsOf(fold(turned))
  return (words.length > 1 && ARTICLES.has(words[0] ?? '') ? words.slice(1) : words).join(' ')
}
