/** Languages that names are known of; codes of all others work too. */
const CODES = (
  'af ar bg bn bs ca cs cy da de el en eo es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk kn ko la lt lv mk ml mn mr ms nb ne nl nn no pa pl pt ro ' +
  'ru sa sk sl sq sr sv sw ta te th tl tr uk ur vi yi zh'
).split(' ')

const names = new Map<string, string>()
/** So many different spellings are remembered. */
const REMEMBERED = 500
const known = new Map<string, string>()

/** ISO 639-1 where there is one (`en` for `eng`, `English`, `en-GB`), else the text as it is. Of several the first. */
export function readLanguage(field: string): string | undefined {
  if (field === '') return undefined
  const [text = ''] = field
    .trim()
    .slice(0, LENGTH_AT_MOST)
    .split(/\s*[,;|/&]\s*/)
  if (text === '') return undefined
  const before = known.get(text)
  if (before !== undefined) return before
  const language = codeOf(text) ?? text
  if (known.size < REMEMBERED) known.set(text, language)
  return language
}

/** Of a longer field only so much is read, in characters. */
const LENGTH_AT_MOST = 60

function codeOf(text: string): string | undefined {
  if (names.size === 0) learn()
  const named = names.get(text.toLowerCase())
  if (named !== undefined) return named
  if (!/^[a-z]{2,3}(?:[-_][a-z]{2,4})?$/i.test(text)) return undefined
  try {
    return Intl.getCanonicalLocales(text.replace('_', '-'))[0]?.split('-')[0]
  } catch {
    return undefined
  }
}

/** The names of languages in English, and each in itself. */
function learn(): void {
  const english = new Intl.DisplayNames(['en'], { type: 'language' })
  for (const code of CODES) {
    for (const name of [english.of(code), new Intl.DisplayNames([code], { type: 'language' }).of(code)]) {
      if (name !== undefined) names.set(name.toLowerCase(), code)
    }
  }
}
