import { TRANSFORMATION_NAMES } from '@headway/filters/compiler'
import { createRandom } from '../../chaos/random.mjs'
import { createPattern, createPatternFile } from './patterns.mjs'
import { createTexts } from './texts.mjs'

const VALIDATES = TRANSFORMATION_NAMES.filter((name) => name.startsWith('Validate'))
const OTHERS = TRANSFORMATION_NAMES.filter((name) => !VALIDATES.includes(name))
const KINDS = ['adblock', 'hosts', 'domains', 'mixed']
const HEADER_TEXTS = [
  'a list',
  '',
  ' ',
  '1.0.0',
  'https://example.org/?a=b&c',
  '! odd',
  '# odd',
  'with  two  spaces ',
  'ünï ☃',
  '$important',
  '"quoted" \\ back',
  '||example.org^',
  'tab\there',
  'a\u2028b',
]
const BROKEN_TEXTS = ['two\nlines', 'carriage\rreturn', 'both\r\n||injected.example^', '\n', 'end\n']

/**
 * One thing to compile.
 *
 * @typedef {object} Case
 * @property {string} name says what it is about
 * @property {'path' | 'http'} served how the sources are reached: as files of the working folder or from a server
 * @property {object} configuration whose sources are keys of `files`
 * @property {Record<string, string>} files texts by their relative path
 */

/** What the first cases are about, one after the other: each transformation at each level on each kind of list. The rest is drawn. */
const SYSTEMATIC = KINDS.flatMap((kind) =>
  [...OTHERS, ...VALIDATES].flatMap((name) => ['source', 'top'].map((level) => ({ kind, level, transformations: [name], plain: true }))),
)

/**
 * Makes cases, always the same ones for a seed.
 *
 * @param {number} seed
 * @param {number} count the first ones use one transformation each
 * @returns {Generator<Case>}
 */
export function* generateCases(seed, count) {
  const all = createRandom(seed)
  for (let index = 0; index < count; index++) {
    const random = all.fork()
    const made = SYSTEMATIC[index] === undefined ? drawn(random) : systematic(random, SYSTEMATIC[index])
    yield { name: `${String(index).padStart(4, '0')}-${made.about}`, ...made.case }
  }
}

function systematic(random, { kind, level, transformations }) {
  const ascii = transformations.includes('ConvertToAscii')
  const files = createTexts(random, 'list-1.txt', { kind, length: 40, international: true, wild: !ascii })
  const source = { source: 'list-1.txt', ...(level === 'source' && { transformations }) }
  const configuration = { name: 'list', sources: [source], ...(level === 'top' && { transformations }) }
  return { about: `${transformations[0]}-${level}-${kind}`, case: { served: 'path', configuration, files } }
}

function drawn(random) {
  const features = {
    directives: random.chance(0.35),
    nested: random.chance(0.3),
    tight: random.chance(0.2),
    patterns: random.chance(0.45),
    backtracking: random.chance(0.2),
    international: random.chance(0.4),
    broken: random.chance(0.1),
    /** ConvertToAscii at some level: then names that are not ASCII stand in clear places only. */
    ascii: random.chance(0.3),
    /** At both levels it is an error. */
    validate: random.weighted([
      [8, 'top'],
      [8, 'source'],
      [6, 'nowhere'],
      [1, 'everywhere'],
    ]),
  }
  const files = {}
  const top = level(random, features, files, 'top')
  const sources = Array.from(
    {
      length: random.weighted([
        [5, 1],
        [4, 2],
        [2, 3],
        [1, 5],
      ]),
    },
    (_, index) => {
      const own = level(random, features, files, `s${index + 1}`)
      const path =
        random.chance(0.2) && index > 0 ? 'list-1.txt' : random.chance(0.2) ? `folder/list-${index + 1}.txt` : `list-${index + 1}.txt`
      const options = {
        ...features,
        kind: random.pick(KINDS),
        length: random.weighted([
          [6, random.between(1, 40)],
          [1, 0],
          [1, 120],
        ]),
        wild: features.international && !features.ascii,
      }
      if (files[path] === undefined) Object.assign(files, createTexts(random, path, options))
      return {
        source: path,
        ...(random.chance(0.4) && { name: random.pick(['one', 'two words', 'ünï', '! x', ' ']) }),
        ...(random.chance(0.3) && { type: random.pick(['adblock', 'hosts']) }),
        ...own,
      }
    },
  )
  const header = {}
  for (const field of ['description', 'homepage', 'license', 'version'])
    if (random.chance(0.35)) header[field] = headerText(random, features)
  const configuration = { name: headerText(random, features) || 'x', ...header, sources, ...top }
  const on = Object.entries(features)
    .filter(([, value]) => value === true)
    .map(([name]) => name)
  return { about: ['drawn', ...on].join('-'), case: { served: random.chance(0.4) ? 'http' : 'path', configuration, files } }
}

const headerText = (random, { broken }) => random.pick(broken && random.chance(0.5) ? BROKEN_TEXTS : HEADER_TEXTS)

function level(random, features, files, prefix) {
  const many = random.weighted([
    [3, 0],
    [3, 1],
    [3, 3],
    [2, 6],
    [1, 9],
  ])
  const chosen = new Set(Array.from({ length: many }, () => random.pick(OTHERS)))
  const mayValidate = ['everywhere', prefix === 'top' ? 'top' : 'source'].includes(features.validate)
  if (mayValidate && random.chance(0.8)) chosen.add(random.pick(VALIDATES))
  // The peer takes `@@` before a name for a part of it.
  const unwanted = features.ascii ? (features.international && prefix !== 'top' ? 'InvertAllow' : undefined) : 'ConvertToAscii'
  if (unwanted !== undefined) chosen.delete(unwanted)
  const names = [...chosen].toSorted(() => (random.chance(0.5) ? 1 : -1))
  if (names.length > 0 && random.chance(0.1)) names.push(names[0])
  const own = { ...(names.length > 0 && { transformations: names }) }
  if (!features.patterns) return own
  for (const what of ['exclusions', 'inclusions']) {
    if (random.chance(0.35)) own[what] = Array.from({ length: random.between(0, 4) }, () => createPattern(random, features))
    if (random.chance(0.2)) {
      const path = `${prefix}-${what}.txt`
      files[path] = createPatternFile(random, features)
      own[`${what}_sources`] = [path]
    }
  }
  return own
}
