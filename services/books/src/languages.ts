/** Of no language, several, or one that nobody named. */
const NO_LANGUAGE = new Set(['und', 'mul', 'zxx', 'mis'])

/**
 * The short code of a language that a source names by any of its codes: `eng`, `en_US` and `/languages/eng` are `en`, `ger` and `deu` are `de`.
 * Undefined for what is no code.
 */
export function languageOf(text: string): string | undefined {
  const code = text
    .trim()
    .replace(/^\/languages\//, '')
    .replace('_', '-')
  if (!/^[a-z]{2,3}(?:-[a-z\d]{2,8})*$/i.test(code)) return undefined
  try {
    const { language } = new Intl.Locale(code)
    return language === undefined || NO_LANGUAGE.has(language) ? undefined : language
  } catch {
    return undefined
  }
}
