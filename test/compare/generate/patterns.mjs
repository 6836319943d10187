import { createName, plainName } from './names.mjs'

const EXACT = [
  '||example.org^',
  '||ads.example.net^',
  'ads',
  'Ads',
  'example',
  'EXAMPLE',
  '^',
  '$',
  '.',
  '! Source',
  '!',
  '#',
  ' ',
  '||',
  'important',
  '$important',
  '/ads/x',
  'a$b',
  '||com^',
  '[',
  '\\',
  '',
]
const WILD = [
  '*',
  '**',
  '*.example.org*',
  '||*^',
  '*ads*',
  '||a*.org^',
  '*EXAMPLE*',
  '*$*',
  '*.org',
  'ads*',
  '0.0.0.0 *',
  '*\t*',
  '! *',
  '*(ads)*',
  '*+*',
  '*[*',
  '*?*',
  '||*.*.*^*',
  '*a*e*o*',
  '/*',
  '*/',
  '*\\*',
]
const REGULAR = [
  '/ads/',
  '/^ads/',
  '/example\\.(org|net)/',
  '/^\\|\\|/',
  '/\\^$/',
  '/^$/',
  '/^\\s+$/',
  '/\\d+\\.\\d+/',
  '/[a-c]\\./',
  '/EXAMPLE/',
  '/^!/',
  '/./',
  '/\\bads\\b/',
  '/a|b/',
  '/(?:a|b)\\.example/',
  '/\\$[a-z]+(,|$)/',
  '/[^a-z0-9.|^]/',
  '/x*/',
  '/\\//',
  '/^.{12}$/',
  '/\\w{20,}/',
  '/[[:alpha:]]/',
  '//',
  '/\\S\\s\\S/',
  '/\\t/',
]
/** Which a linear engine can't take. */
const BACKTRACKING = ['/(?!.*ads)example/', '/(a|b)\\.\\1/', '/(?<=\\|)ads/', '/^(?=.*org)(?!.*ads).+/']
const FILE_NOISE = ['! comment', '# comment', '', ' ', '#ads', '##', '!', '\t', '#']

/** One exclusion or inclusion. */
export function createPattern(random, { backtracking = false } = {}) {
  return random.weighted([
    [4, () => random.pick(EXACT)],
    [3, () => random.pick(WILD)],
    [3, () => random.pick(REGULAR)],
    [2, () => createName(random)],
    [2, () => `||${plainName(random)}^`],
    [backtracking ? 3 : 0, () => random.pick(BACKTRACKING)],
  ])()
}

/** The text of a file of patterns. */
export function createPatternFile(random, options) {
  const lines = Array.from({ length: random.between(0, 6) }, () =>
    random.chance(0.3) ? random.pick(FILE_NOISE) : createPattern(random, options),
  )
  if (random.chance(0.15))
    lines.push(`!#if ${random.pick(['true', 'x'])}`, createPattern(random, options), '!#else', createPattern(random, options), '!#endif')
  if (random.chance(0.1)) lines[0] = `\ufeff${lines[0] ?? ''}`
  const space = () => (random.chance(0.1) ? ' ' : '')
  const framed = (line) => (line.startsWith('!#') ? line : `${space()}${line}${space()}`)
  return lines.map((line) => `${framed(line)}${random.chance(0.8) ? '\n' : '\r\n'}`).join('')
}
