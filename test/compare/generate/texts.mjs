import { createLines } from './rules.mjs'

const CONDITIONS = [
  'true',
  'false',
  'adguard',
  '!adguard',
  '!true',
  '(true)',
  '!(adguard)',
  'true && true',
  'true && adguard',
  'adguard || true',
  '!adguard && !adguard_ext_safari',
  '(adguard || true) && !ext_ublock',
  '!(true && adguard) || false',
  ' true ',
  'TRUE',
  'a b',
]
/** The peer gets these wrong where no space is before `&&` and `||`. */
const TIGHT = ['true||adguard', 'true&&true', '!adguard&&true', 'adguard||(true&&!false)', '!true||adguard', '(true)||false&&true']
const DIFF_PATHS = ['! Diff-Path: ../patches/x.patch', ' ! Diff-Path: x', '! Diff-Path', '!Diff-Path: x']
/** Of blocks in blocks, and of files that files include. */
const MOST_DEPTH = 2
const LINE_ENDS = [
  [8, '\n'],
  [4, '\r\n'],
  [1, '\r'],
  [1, '\n\n'],
  [1, '\n\r'],
]

/**
 * Makes the text of a list, and of what it includes.
 *
 * @param options `length` in lines; `kind` of lines; `directives`; `nested` and `tight` conditions; and those of the lines
 * @returns {Record<string, string>} texts by their path, the list's own first
 */
export function createTexts(random, path, options) {
  const files = { [path]: '' }
  files[path] = joined(random, createText(random, path, files, options, 0))
  return files
}

/** The lines of one file; what it includes is put into `files`. */
function createText(random, path, files, options, depth) {
  const { line } = createLines(random, options)
  const some = (many) => Array.from({ length: random.between(0, many) }, () => line(options.kind))
  const condition = () => random.pick(options.tight === true && random.chance(0.5) ? TIGHT : CONDITIONS)
  const include = () => {
    const folder = path.split('/').slice(0, -1)
    const below = `${random.pick(['inc', 'parts/inc'])}-${Object.keys(files).length}.txt`
    const included = [...folder, below].join('/')
    files[included] = ''
    const inner =
      depth < MOST_DEPTH && random.chance(0.4) ? createText(random, included, files, { ...options, length: 6 }, depth + 1) : some(6)
    files[included] = joined(random, [...(random.chance(0.4) ? [random.pick(DIFF_PATHS), '! Diff-Name: x'] : []), ...inner])
    return [`!#include${random.pick([' ', ' ', '  ', ''])}${below}${random.pick(['', '', ' '])}`]
  }
  const block = (level) => {
    const nested = options.nested === true && level < MOST_DEPTH && random.chance(0.5)
    const inner = () => [...some(2), ...(nested ? block(level + 1) : random.chance(0.2) ? include() : []), ...some(2)]
    const otherwise = random.chance(0.5) ? ['!#else', ...inner()] : []
    return [`!#if ${condition()}`, ...inner(), ...otherwise, random.chance(0.1) ? '!#endif ' : '!#endif']
  }
  const lines = []
  while (lines.length < options.length) {
    if (options.directives !== true || !random.chance(0.15)) lines.push(line(options.kind))
    else
      lines.push(
        ...random.weighted([
          [4, () => block(0)],
          [2, include],
          [1, () => ['!#safari_cb_affinity', '!#foo', ' !#if x', '!# if x']],
        ])(),
      )
  }
  return lines
}

function joined(random, lines) {
  const usual = random.weighted(LINE_ENDS)
  const text = lines.map((line) => `${line}${random.chance(0.95) ? usual : random.weighted(LINE_ENDS)}`).join('')
  const start = random.weighted([
    [12, ''],
    [2, '\ufeff'],
    [1, '\n\n'],
    [1, ' \n'],
    [1, '\ufeff\n'],
  ])
  const cut = random.chance(0.4) ? text.trimEnd() : text
  return `${start}${cut}${random.chance(0.1) ? ' \n\t\n' : ''}`
}
