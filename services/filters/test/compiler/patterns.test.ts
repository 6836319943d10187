import { createContext, Script } from 'node:vm'
import { compile, CompileError } from '@headway/filters/compiler'
import type { CompileOptions } from '@headway/filters/compiler'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compileLines } from './apply.js'

const include = (text: string, pattern: string): Promise<string[]> => compileLines(text, [], { inclusions: [pattern] })

async function codeOf(pattern: string, text = 'a', options: CompileOptions = {}): Promise<string> {
  const error: unknown = await compile(
    { name: 'n', sources: [{ source: 'x', exclusions: [pattern] }] },
    { preFetched: { x: text }, ...options },
  ).then(
    () => undefined,
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(CompileError)
  return (error as CompileError).code
}

const TEXT = 'Foo\nfoo\nfood\nxAbx\nwww.com\nWWW.COM\n#x\na  sp  b\n! c\n lead\na\u2028b\né\nÉ\nß\nſ'

describe('what matches', () => {
  it.each([
    ['foo', ['foo', 'food']],
    [' lead', [' lead']],
    ['! c', ['! c']],
    ['f*', ['Foo', 'foo', 'food']],
    ['f*D', ['food']],
    ['*W.C*', ['www.com', 'WWW.COM']],
    ['*.c?m', []],
    ['a*b', ['a  sp  b', 'a\u2028b']],
    ['*b', ['a  sp  b', 'a\u2028b']],
    ['b*', []],
    ['é*', ['é', 'É']],
    ['S*', []],
    ['/^foo$/', ['Foo', 'foo']],
    ['/FO+D/', ['food']],
    ['/^b$/', ['a\u2028b']],
    ['/a.b/', []],
    ['/a[^]b/', ['a\u2028b']],
    ['/[à-ö]/', ['é', 'É']],
    ['/foo', []],
    ['/foo/i', []],
    ['//', []],
    ['/fo+(?=d)/', ['food']],
    ['/(o)\\1d/', ['food']],
  ])('%s', async (pattern, lines) => {
    expect(await include(TEXT, pattern)).toEqual(lines)
  })

  it('* keeps everything', async () => {
    expect(await include(TEXT, '*')).toEqual(TEXT.split('\n'))
  })

  it('patterns run before the transformations of their level, exclusions first', async () => {
    expect(await compileLines('0 a.com\n0 b.com\n||a.com^', ['Compress'], { exclusions: ['||a.com^'] })).toEqual(['||a.com^', '||b.com^'])
    expect(await compileLines('ab\nac\nb', [], { exclusions: ['b'], inclusions: ['a'] })).toEqual(['ac'])
  })

  it('none, and empty ones, keep everything', async () => {
    for (const level of [{ inclusions: [] }, { inclusions: [''] }, { exclusions: [''] }])
      expect(await compileLines('a\nb', [], level)).toEqual(['a', 'b'])
  })
})

describe('patterns of files', () => {
  const preFetched = { list: 'foo\n#x\n! foo\nsp\na  sp  b\nx', patterns: '! foo\n# sp\n\t\n#x\n  sp  \n!#include more', more: '#\nx' }
  const rules = async (level: object): Promise<string[]> => {
    const compiled = await compile({ name: 'n', sources: [{ source: 'list', ...level }] }, { preFetched })
    return compiled.rules.slice(compiled.rules.indexOf('! Source: list') + 2)
  }

  it('leave out blanks and comments, and are joined with inline ones', async () => {
    expect(await rules({ exclusions_sources: ['patterns'], exclusions: ['! f'] })).toEqual(['foo', 'sp'])
    expect(await rules({ inclusions_sources: ['patterns'] })).toEqual(['#x', 'a  sp  b', 'x'])
  })

  it('may be missing nowhere', async () => {
    await expect(rules({ exclusions_sources: ['none'] })).rejects.toMatchObject({
      code: 'INVALID_CONFIGURATION',
      fields: [{ pointer: '/sources/0/exclusions_sources/0' }],
    })
  })
})

const context = createContext({})
const keep = new Script(`lines.filter((one) => one !== '' && new RegExp(source, 'im').test(one))`)

/** The lines that JavaScript's own expression matches; none where it is no expression, or one that backtracks for long. */
const keptByJavaScript = (source: string, lines: readonly string[]): string[] | undefined => {
  Object.assign(context, { source, lines })
  try {
    return Array.from(keep.runInContext(context, { timeout: 20 }) as string[])
  } catch {
    return undefined
  }
}

describe('regular expressions in linear time', () => {
  // Everything that a pattern without look-around and back-references may have, and what lines may have.
  const atom = fc.constantFrom(
    'a',
    'B',
    'é',
    'ß',
    'ſ',
    'k',
    '.',
    '\\.',
    '[ab]',
    '[^a]',
    '[b-dX]',
    '[^]',
    '[à-ÿ]',
    '[\\w.-]',
    '[\\d-z]',
    '\\d',
    '\\w',
    '\\W',
    '\\s',
    '\\S',
    '\\b',
    '\\B',
    '^',
    '$',
    '\\x41',
    '\\u00e9',
    '\\u2028',
    '\\-',
    '-',
    '{',
    ']',
    '\\/',
    '\\t',
    '\\cI',
    '[\\b]',
    '😀',
    '[😀]',
    '\\0',
  )
  const quantifier = fc.constantFrom('', '', '', '*', '+', '?', '*?', '{2}', '{1,}', '{0,2}')
  const pattern = fc.letrec<{ choice: string; sequence: string; term: string }>((tie) => ({
    choice: fc.array(tie('sequence'), { minLength: 1, maxLength: 3 }).map((all) => all.join('|')),
    sequence: fc.array(tie('term'), { maxLength: 4 }).map((all) => all.join('')),
    term: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.tuple(atom, quantifier).map(([one, many]) => (/^(?:[$^]|\\[bB])$/.test(one) ? one : one + many)),
      fc.tuple(fc.constantFrom('(', '(?:', '(?<n>'), tie('choice'), quantifier).map(([open, inner, many]) => `${open}${inner})${many}`),
    ),
  })).choice
  const line = fc
    .array(
      fc.constantFrom(
        'a',
        'A',
        'b',
        'é',
        'É',
        'ß',
        'ẞ',
        's',
        'ſ',
        'k',
        '\u212a',
        '.',
        '-',
        ' ',
        '\t',
        '1',
        '\u2028',
        '\u2029',
        '\u00a0',
        '😀',
        '\ud83d',
        '{',
        ']',
        '/',
        '\0',
        '\b',
      ),
      { maxLength: 8 },
    )
    .map((all) => all.join(''))

  it('match what those of JavaScript match', async () => {
    await fc.assert(
      fc.asyncProperty(pattern, fc.array(line, { minLength: 1, maxLength: 8 }), async (source, some) => {
        fc.pre(source !== '')
        const lines = ['first', ...some, 'last']
        const kept = keptByJavaScript(source, lines)
        if (kept === undefined) return
        expect(await include(lines.join('\n'), `/${source}/`)).toEqual(kept)
      }),
      { numRuns: 1_500 },
    )
  })

  it.each([
    '/(a+)+$/',
    '/(a|a)*b/',
    '/(a?){30}a{30}b/',
    '/^(([a-z])+.)+[A-Z]([a-z])+b$/',
    '*a*a*a*a*a*a*a*b',
    `*${'a'.repeat(9_000)}b*`,
    `${'a'.repeat(9_000)}b`,
  ])('end soon for %.40s', async (pattern) => {
    expect(await include(`${'a'.repeat(200_000)}!\nb`, pattern)).not.toContain(`${'a'.repeat(200_000)}!`)
  })

  it('those that only backtracking can match end at their deadline', async () => {
    expect(await codeOf('/(?=x)|(a+)+$/', `${'a'.repeat(50)}!`, { limits: { patternDeadlineMs: 300 } })).toBe('PATTERN_TIMEOUT')
  })

  it.each([
    ['/(a{1,100}){1,100}b/', '(it is too large'],
    ['/(?=x)|(a+)+$/', '(it looks ahead)'],
    ['/^(a+)+\\1$/', '(it refers back)'],
  ])('%s is named, with what keeps it from linear time', async (pattern, why) => {
    const line = `${'a'.repeat(2_000)}!`
    const compiled = compile(
      { name: 'n', sources: [{ source: 'x', inclusions: [pattern] }] },
      { preFetched: { x: line }, limits: { patternDeadlineMs: 300 } },
    )
    await expect(compiled).rejects.toMatchObject({
      code: 'PATTERN_TIMEOUT',
      message: expect.stringContaining(`${pattern} ${why}`) as string,
    })
  })

  it('can be cancelled meanwhile', async () => {
    const abort = new AbortController()
    const options: CompileOptions = {
      preFetched: { x: `${'a'.repeat(50)}!` },
      signal: abort.signal,
      on: ({ type }) => type === 'transformation:start' && abort.abort(new Error('enough')),
    }
    const compiled = compile({ name: 'n', sources: [{ source: 'x', inclusions: ['/(?=x)|(a+)+$/'] }] }, options)
    await expect(compiled).rejects.toThrow('enough')
  })
})

describe('limits', () => {
  it('refuse what is no regular expression, too long, or too many, in files', async () => {
    const inFile = (patterns: string, limits = {}) =>
      compile({ name: 'n', sources: [{ source: 'x' }], exclusions_sources: ['patterns'] }, { preFetched: { x: 'a', patterns }, limits })
    await expect(inFile('/(/')).rejects.toMatchObject({
      code: 'INVALID_PATTERN',
      message: '/(/ is not a regular expression: Unterminated group.',
    })
    await expect(inFile('/*/')).rejects.toMatchObject({ code: 'INVALID_PATTERN' })
    await expect(inFile('x'.repeat(10_001))).rejects.toMatchObject({ code: 'PATTERN_TOO_LONG' })
    await expect(inFile('x', { patterns: 0 })).rejects.toMatchObject({ code: 'TOO_MANY_PATTERNS' })
  })

  it('let many patterns through', async () => {
    const exclusions = Array.from({ length: 5_000 }, (_, i) => `||host${i}.example^`)
    expect(await compileLines('||host4999.example^\n||other.example^', [], { exclusions })).toEqual(['||other.example^'])
  })
})
