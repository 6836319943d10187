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
  const { line } = createLines(random, options)
  const files = {}
  const some = (many) => Array.from({ length: random.between(0, many) }, () => line(options.kind))
  const condition = () => random.pick(options.tight === true && random.chance(0.5) ? TIGHT : CONDITIONS)
  const block = (depth) => {
    const inner = () =>
      options.nested === true && depth < 2 && random.chance(0.5) ? [...some(2), ...block(depth + 1), ...some(2)] : some(3)
    const otherwise = random.chance(0.5) ? ['!#else', ...inner()] : []
    return [`!#if ${condition()}`, ...inner(), ...otherwise, random.chance(0.1) ? '!#endif ' : '!#endif']
  }
  const include = () => {
    const folder = path.split('/').slice(0, -1)
    const name = [...folder, random.pick(['inc', 'parts/inc'])].join('/').concat(`-${Object.keys(files).length + 1}.txt`)
    files[name] = joined(random, [...(random.chance(0.4) ? ['! Diff-Path: ../patches/x.patch', '! Diff-Name: x'] : []), ...some(6)])
    return [`!#include ${name.slice(folder.join('/').length + (folder.length > 0 ? 1 : 0))}`]
  }
  const lines = []
  while (lines.length < options.length) {
    const directive = options.directives === true && random.chance(0.15)
    if (!directive) lines.push(line(options.kind))
    else
      lines.push(
        ...random.weighted([
          [4, () => block(0)],
          [2, include],
          [1, () => ['!#safari_cb_affinity', '!#foo', ' !#if x', '!# if x']],
        ])(),
      )
  }
  return { [path]: joined(random, options.length === 0 ? [] : lines), ...files }
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
