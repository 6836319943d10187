/**
 * What each allowed difference looks like: the input, what the peer gives and what ours gives (the rules after the header of the source). `peer` is
 * what it gave when it was run; `npm run compare:filters` checks that it still does. `null` means that it failed, `'hangs'` that it has no end.
 *
 * @type {readonly { rule: string, text: string, served?: 'path' | 'http', transformations?: string[], exclusions?: string[], peer: string[] | null | 'hangs', ours: string[] | null }[]}
 */
export const EXAMPLES = [
  {
    rule: 'conditions-without-spaces',
    text: 'a.org\n!#if true||adguard\nb.org\n!#endif\nc.org',
    peer: ['a.org', 'c.org'],
    ours: ['a.org', 'b.org', 'c.org'],
  },
  {
    rule: 'conditions-without-spaces',
    text: '!#if !true||adguard\na.org\n!#endif\nb.org',
    peer: ['a.org', 'b.org'],
    ours: ['b.org'],
  },
  {
    rule: 'conditions-without-spaces',
    text: '!#if x||true\na.org\n!#endif\nb.org',
    peer: null,
    ours: ['a.org', 'b.org'],
  },
  {
    rule: 'nested-conditions',
    text: '!#if true\n!#if adguard\na.org\n!#endif\nb.org\n!#else\nc.org\n!#endif',
    peer: null,
    ours: ['b.org'],
  },
  {
    rule: 'exception-of-nothing',
    text: 'a.org\n@@\nb.org',
    transformations: ['RemoveModifiers'],
    peer: null,
    ours: ['a.org', '@@', 'b.org'],
  },
  {
    rule: 'exception-of-nothing',
    text: 'a.org\n@@\nb.org',
    transformations: ['ValidateAllowIp'],
    peer: null,
    ours: ['a.org', 'b.org'],
  },
  {
    rule: 'hosts-line-without-names',
    text: '127.0.0.1  #a # b\na.org',
    transformations: ['Compress'],
    peer: null,
    ours: ['127.0.0.1  #a # b', '||a.org^'],
  },
  {
    rule: 'content-that-is-json',
    text: '3',
    served: 'http',
    peer: null,
    ours: ['3'],
  },
  {
    rule: 'names-of-object-prototype',
    text: '0.0.0.0 constructor a.org\n0.0.0.0 toString',
    transformations: ['Compress'],
    peer: ['||a.org^'],
    ours: ['||constructor^', '||a.org^', '||toString^'],
  },
  {
    rule: 'names-of-object-prototype',
    text: 'x.constructor\na.org\nb.valueOf',
    transformations: ['Compress'],
    peer: ['||a.org^'],
    ours: ['||x.constructor^', '||a.org^', '||b.valueOf^'],
  },
  {
    rule: 'names-of-object-prototype',
    text: 'a.org\nconstructor\n__proto__\nb.org',
    transformations: ['Deduplicate'],
    peer: ['a.org', 'b.org'],
    ours: ['a.org', 'constructor', '__proto__', 'b.org'],
  },
  {
    rule: 'only-names-in-ascii',
    text: '||пример.рф/путь^\n||a.com/путь^',
    transformations: ['ConvertToAscii'],
    peer: ['||xn--e1afmkfd.xn--p1ai^', '||a.com^'],
    ours: ['||xn--e1afmkfd.xn--p1ai/путь^', '||a.com/путь^'],
  },
  {
    rule: 'only-names-in-ascii',
    text: 'a.com##.é\nü.com##.é',
    transformations: ['ConvertToAscii'],
    peer: ['a.com', 'xn--tda.com'],
    ours: ['a.com##.é', 'xn--tda.com##.é'],
  },
  {
    rule: 'only-names-in-ascii',
    text: '||a.com^$domain=ü.com|~ö.de,script',
    transformations: ['ConvertToAscii'],
    peer: ['||a.com^$domain=xn--tda.com|xn--~-1ga.de,script'],
    ours: ['||a.com^$domain=xn--tda.com|~xn--nda.de,script'],
  },
  {
    rule: 'only-names-in-ascii',
    text: '0.0.0.0 ü.de#x',
    transformations: ['ConvertToAscii'],
    peer: ['0.0.0.0 xn--tda.de'],
    ours: ['0.0.0.0 xn--tda.de#x'],
  },
  {
    rule: 'only-names-in-ascii',
    text: '|http://ü.de/x^',
    transformations: ['ConvertToAscii'],
    peer: ['|^'],
    ours: ['|http://xn--tda.de/x^'],
  },
  {
    rule: 'patterns-in-linear-time',
    text: `${'a'.repeat(40)}!\nb.org`,
    exclusions: ['/^(a+)+$/'],
    peer: 'hangs',
    ours: [`${'a'.repeat(40)}!`, 'b.org'],
  },
  {
    rule: 'includes-that-end',
    text: 'a.org\n!#include list-1.txt',
    peer: 'hangs',
    ours: null,
  },
]
