import type { TransformationName } from '@headway/filters/compiler'
import { describe, expect, it } from 'vitest'
import { compileLines } from './apply.js'

// What goes in and what comes out, from filters-semantics.md; where it is silent, what the reference gives.
const CASES: Readonly<Record<TransformationName, readonly (readonly [string, readonly string[], readonly string[]])[]>> = {
  ConvertToAscii: [
    [
      'names in patterns, hosts rules and options',
      ['||*.рус^', '0.0.0.0 é.com ü.de # ö.at', '||É.Com^$domain=ü.de|a.at'],
      ['||*.xn--p1acf^', '0.0.0.0 xn--9ca.com xn--tda.de # xn--nda.at', '||xn--9ca.com^$domain=xn--tda.de|a.at'],
    ],
    ['no comments, no single words', ['x', '! é.com', '# é.com', '||é^', 'é.', '.é'], ['x', '! é.com', '# é.com', '||é^', 'é.', '.é']],
    [
      'names only: paths and cosmetic text stay (ours)',
      ['||é.com/ü.html', 'é.com,ü.de##.ß.x', '/é\\.com/', 'http://é.com/?q=ü.de', '#é.com', 'a.com$domain=~é.com'],
      [
        '||xn--9ca.com/ü.html',
        'xn--9ca.com,xn--tda.de##.ß.x',
        '/é\\.com/',
        'http://xn--9ca.com/?q=ü.de',
        '#é.com',
        'a.com$domain=~xn--9ca.com',
      ],
    ],
    ['no names that are not valid (ours)', ['xn--é.com', '\ud800.com'], ['xn--é.com', '\ud800.com']],
  ],
  TrimLines: [
    ['spaces and tabs, no other white space', ['a', ' \tb\t ', ' \u00a0c ', '\t', '\u000bd'], ['a', 'b', '\u00a0c', '', '\u000bd']],
  ],
  RemoveComments: [
    ['comments', ['! a', '!', '# b', '#', '####', '####c', '#d', '##e', '###f', ' ! g', 'h # i'], ['#d', '##e', '###f', ' ! g', 'h # i']],
  ],
  Compress: [
    [
      'hosts names and bare domains',
      ['0.0.0.0 a.com\tb.com # c', '::1 d', 'e.com', 'f.', '127.0.0.1 g.com#h', 'localhost', 'x.com/y'],
      ['||a.com^', '||b.com^', '||d^', '||e.com^', '||f.^', '||g.com^', 'localhost', 'x.com/y'],
    ],
    [
      'the first of each name',
      ['||a.com^$', 'a.com', '||a.com^', '! x', '||A.com^', 'A.com'],
      ['||a.com^$', '! x', '||A.com^', '||A.com^'],
    ],
    [
      'no name whose parent is there, whatever the order',
      ['||b.a.com^', '0.0.0.0 z.com', '||a.com^', 'q.z.com', '||x.q.z.com^$important'],
      ['||z.com^', '||a.com^', '||x.q.z.com^$important'],
    ],
    [
      'everything else passes',
      ['@@||a.com^', '||a.com^|', '||*.a.com^', '||*.a.com^', '||a_b.com^', '##x', ' a.com', '0.0.0.0  # none', '0.0.0.0'],
      ['@@||a.com^', '||a.com^|', '||*.a.com^', '||*.a.com^', '||a_b.com^', '##x', ' a.com', '0.0.0.0  # none', '||0.0.0.0^'],
    ],
    [
      'names of Object.prototype are names (ours)',
      ['||constructor^', '0.0.0.0 toString __proto__'],
      ['||constructor^', '||toString^', '||__proto__^'],
    ],
  ],
  RemoveModifiers: [
    [
      'those that DNS blocking does not know',
      ['||a^$third-party,important', 'b$3p', 'c$all,~third-party,doc=1', 'd$popup,network,document'],
      ['||a^$important', 'b', 'c$~third-party', 'd'],
    ],
    [
      'every rule is written again',
      ['x', ' a$b\t', 'a$b=c=d', 'a$b=', 'a$b=\\,c,d', 'a$,', '@@a$doc', 'a$$doc'],
      ['x', 'a$b', 'a$b=c', 'a$b', 'a$b=,c,d', 'a', '@@a', 'a$'],
    ],
    [
      'no regular expressions, comments and what is too short',
      ['/a$doc/', '/a/$doc', '/a/$replace=/b/,doc', '! a$doc', '@@'],
      ['/a$doc/', '/a/', '/a/$replace=/b/', '! a$doc', '@@'],
    ],
  ],
  InvertAllow: [
    ['rules', ['a', '@@b', '! c', '# d', '#e', '0 f', '\t', '/g/'], ['@@a', '@@b', '! c', '# d', '@@#e', '0 f', '@@\t', '@@/g/']],
  ],
  Deduplicate: [
    ['the last one stays', ['a', 'b', 'a ', 'a', 'B'], ['b', 'a ', 'a', 'B']],
    [
      'comments right above a removed line go with it',
      ['! 1', 'a', '\t', '! 2', '# 3', 'b', '! 4', 'a', '! 5', 'b'],
      ['\t', '! 4', 'a', '! 5', 'b'],
    ],
    ['comments are no duplicates', ['! 1', 'x', '! 1', 'y'], ['! 1', 'x', '! 1', 'y']],
  ],
  RemoveEmptyLines: [['of any white space', ['a', '\t', ' \u00a0\u3000', '\u2028', 'b'], ['a', 'b']]],
  InsertFinalNewLine: [['where there is none', ['a'], ['a', '']]],
  Validate: [
    [
      'hosts rules whose names are names',
      [
        '0.0.0.0 a.com b_c.com',
        '0 A.COM',
        '0 1.2.3',
        '0 com',
        '0 a.com uk',
        '0 1.2.3.4',
        '0 localhost',
        '0 github.io',
        '0 -',
        '0 a..b',
        ' 0 a.com',
        '0.0.0.0  # c',
      ],
      ['0.0.0.0 a.com b_c.com', '0 A.COM', '0 1.2.3', '0 github.io'],
    ],
    [
      'options that DNS blocking knows',
      [
        'a.com$important,~important',
        'a.com$dnstype=A,dnsrewrite=b,ctag=c',
        'a.com$',
        'a.com$third-party',
        'a.com$domain=b',
        'a.com$IMPORTANT',
        'a.com$~ctag=c',
        'a.com$ctag=a,b',
      ],
      ['a.com$important,~important', 'a.com$dnstype=A,dnsrewrite=b,ctag=c', 'a.com$'],
    ],
    [
      'names that are public suffixes only with options that limit',
      [
        '||com^',
        '||co.uk^',
        '||*.org^',
        '.org^',
        '||com^$important',
        '||com^$denyallow=a.com',
        '||uk^$client=x',
        '||org^$badfilter',
        '||github.io^',
        '||*.*^',
      ],
      ['||com^$denyallow=a.com', '||uk^$client=x', '||org^$badfilter', '||github.io^', '||*.*^'],
    ],
    [
      'patterns of five characters, or exact',
      ['abcd', 'abcde', 'a.c', '/ab/', '/abc/', '||d^$client=x', '|a.c|'],
      ['abcde', '/abc/', '||d^$client=x', '|a.c|'],
    ],
    [
      'the characters of names',
      ['a.com/x', 'a.com:80', 'http://a.com', '://a.com', '||a_b.com^', '||a b^', 'a^b.com', '||a*b^', 'a.com##x'],
      ['://a.com', 'a^b.com', '||a*b^'],
    ],
    [
      'nothing after the separator of a name',
      ['||a.com^', '||a.com^|', '||a.com^x', '||a.com^^', '||a.com^*', '||a.com', 'a.com^x'],
      ['||a.com^', '||a.com^|', '||a.com', 'a.com^x'],
    ],
    [
      'no addresses',
      ['1.2.3.4', '||1.2.3.4^', '1.2.3.', '1.2.3', '1.2.3.4.5', '256.1.1.1', '::1', '.1.2.3.4^', '1.2.3.4|', '1.2.256.'],
      ['1.2.3.4.5', '1.2.3.4|', '1.2.256.'],
    ],
    [
      'comments right above go too, empty lines and others stay',
      ['! 1', 'a_b', '! 2', '\t', '! 3', 'a_c', '! 4', 'a.com'],
      ['! 2', '\t', '! 4', 'a.com'],
    ],
    ['what crashes the reference goes (ours)', ['a.com', '@@', '@@ ', 'b.com'], ['a.com', 'b.com']],
  ],
  ValidateAllowIp: [
    [
      'addresses, written safely',
      ['1.2.3.4', '|1.2.3.4^', '||1.2.3.4', '1.2.3.4^|', '@@1.2.3.4$important', '1.2.3.', '|1.2.3.*', '01.2.3.4', ' 1.2.3.4$ctag=a=b'],
      [
        '||1.2.3.4^',
        '||1.2.3.4^',
        '||1.2.3.4^',
        '||1.2.3.4^',
        '@@||1.2.3.4^$important',
        '||1.2.3.',
        '||1.2.3.*',
        '||01.2.3.4^',
        '||1.2.3.4^$ctag=a',
      ],
    ],
    [
      'none that is ambiguous',
      ['1.2.3', '||1.2.3^', '1.2.', '1.2.*', '1.2.3.4.', '1.2.3.*^', '255.*', '||com^', '0 1.2.3.4', '256.1.1.1'],
      ['0 1.2.3.4', '256.1.1.1'],
    ],
    ['a hosts rule without names is an address', ['x.com', '0.0.0.0  ', 'y.com'], ['x.com', '||0.0.0.0^', 'y.com']],
  ],
  ValidateAllowPublicSuffix: [
    [
      'names that are ICANN suffixes',
      ['||com^', '0 co.uk', '.org^', '||localhost^', '||abcde^', '1.2.3.4'],
      ['||com^', '0 co.uk', '.org^'],
    ],
  ],
  ValidateAllowIpAndPublicSuffix: [['both', ['||com^', '1.2.3.4', '||localhost^', '1.2.3'], ['||com^', '||1.2.3.4^']]],
}

for (const [name, cases] of Object.entries(CASES)) {
  describe(name, () => {
    it.each(cases)('%s', async (_what, input, output) => {
      expect(await compileLines(input.join('\n'), [name as TransformationName])).toEqual(output)
    })
  })
}

it('the order of a configuration does not count', async () => {
  const text = '! c\n0.0.0.0 a.com\n  a.com\n\t\nb.a.com$doc'
  const names: TransformationName[] = ['InsertFinalNewLine', 'Deduplicate', 'RemoveModifiers', 'Compress', 'RemoveComments', 'TrimLines']
  expect(await compileLines(text, names)).toEqual(['||a.com^', '', 'b.a.com', ''])
  expect(await compileLines(text, names.toReversed())).toEqual(['||a.com^', '', 'b.a.com', ''])
})

it('an empty list gets a last line too', async () => {
  expect(await compileLines('!#if x\na\n!#endif', ['InsertFinalNewLine'])).toEqual([''])
})
