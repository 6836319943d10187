import { createAddress, createName, plainName } from './names.mjs'

const PREFIXES = [
  '',
  '||',
  '|',
  '@@||',
  '@@',
  '@@|',
  '://',
  '||*.',
  '*.',
  '.',
  '-',
  '*',
  '|http://',
  'http://',
  'https://',
  '|||',
  '/',
  '^',
]
const SUFFIXES = ['', '^', '^|', '|', '/', '/*', '^*', '*', '.', '.^', '^^', '^/path', '/ads/', ':8080^', '-', '^|^', '||', ' ', '\t', '^ ']
const OPTIONS = [
  'third-party',
  '~third-party',
  '3p',
  'all',
  'document',
  'doc',
  'popup',
  'network',
  'important',
  '~important',
  'dnstype=A',
  'dnstype=~A|AAAA',
  'dnsrewrite=1.2.3.4',
  'dnsrewrite=NOERROR;A;1.2.3.4',
  'ctag=device_pc|~os_linux',
  'denyallow=a.com|b.com',
  'badfilter',
  'client=127.0.0.1',
  "client='Frank\\'s, phone'",
  'client=a\\,b',
  'script',
  'domain=example.com|~a.example.com',
  'removeparam=a\\,b',
  'csp=script-src *',
  'redirect=noopjs:99',
  'replace=/a\\$b/c\\,d/i',
  'IMPORTANT',
  '',
  ' important',
  'important ',
  '=',
  'a=b=c',
  '~doc',
  'document=1',
]
const REGULAR = [
  '/ads/',
  '/ads',
  '/',
  '//',
  '///',
  '/[/',
  '/(/',
  '/a$/',
  '/^x$y/',
  '/ads\\/x/',
  '/\\d+\\.example\\.org/',
  '/a b/',
  '/a,b/',
  '/(?=x)y/',
  '/a{2,1}/',
  '/*/',
]
const COSMETIC = [
  'example.com##.ad',
  '##.ad',
  '###id',
  'example.com#@#.ad',
  'example.com#$#body { color: red }',
  'example.com#?#div:has(> a)',
  'example.com#%#window.a = 1;',
  'example.com$$script[tag="ad"]',
  'example.com#@%#x',
  'a.com,~b.com##div[style="x$y"]',
  '~example.com##a',
  '#ad',
]
const PLAIN = [
  'ads',
  'ad',
  '-ads-',
  '&ad=',
  '_ads.',
  '.ads.',
  'ads.js',
  'banner',
  '//ads',
  '?x=1',
  'a$b',
  'a$b$c',
  '$',
  '$$',
  '$important',
  '@@@',
  '@',
  '~',
  '|',
  '||',
  '^',
  '||^',
  '||$important',
  '||.^',
  '||*^',
  '||-^',
  '.',
  '..',
  '\\',
  '\\$a',
  'a\\$b$important',
  '(ads)',
  '{',
  '"',
  "'",
]
const COMMENTS = [
  '! comment',
  '!',
  '!comment',
  '!! x',
  '# comment',
  '#',
  '##',
  '###',
  '####',
  '#####',
  '#### x',
  '#comment',
  '#!/bin/sh',
  '! x$all',
  '# 0.0.0.0 example.org',
  '!+ NOT_OPTIMIZED',
  '! Title: mine',
  '! Diff-Path: patches/x',
  '! Checksum: abc',
  '[Adblock Plus 2.0]',
  '; semicolon',
  '// slashes',
]
const BLANKS = [' ', '  ', '\t', ' \t ', '\u00a0', '\u3000', '\u000b', '\f', '\u2028', '\u0085', '\ufeff', '\u200b']
const SPACES = [' ', '\t', '  ', ' \t', '\u00a0', '\u000b']
const HOSTS_ENDS = ['', '', '', ' ', '\t', ' # comment', ' #', ' #a # b', '\t#\tx', ' ! x', ' $all']
const ATTACHED_ENDS = ['# comment', '#', '#$important']

const isAscii = (text) => Buffer.byteLength(text) === text.length
/** What is put into a rule at random. */
const NOISE = [
  '$',
  ',',
  '\\',
  '~',
  '|',
  '^',
  '*',
  '/',
  '@',
  '#',
  '!',
  ':',
  '.',
  '-',
  '_',
  ' ',
  '\t',
  '=',
  '%',
  '&',
  '0',
  'a',
  'A',
  '[',
  ']',
  '(',
  ')',
  '"',
]
const NOISE_INTERNATIONAL = ['é', 'ü', '\u00a0', '\u2028', '\u0085', '\u200b', '😀', '\u0301', '\u200d', '\ufe0f']

/**
 * Makes lines of lists.
 *
 * @param options `international`: names need not be ASCII; `wild`: nothing need be ASCII. Without `wild` names that are not ASCII stand only where
 *   everybody sees a name: the peer's ConvertToAscii takes in what is around others (see allowed.mjs)
 */
export function createLines(random, options = {}) {
  const anywhere = { international: options.international === true && options.wild === true }
  const modifiers = () => {
    const many = random.weighted([
      [5, 1],
      [3, 2],
      [2, 3],
      [1, 0],
    ])
    return Array.from({ length: many }, () => random.pick(OPTIONS)).join(',')
  }
  const withOptions = (rule) => (random.chance(0.3) ? `${rule}$${modifiers()}` : rule)
  const kinds = {
    domain: () => createName(random, options),
    network: () => withOptions(`||${random.chance(0.6) ? plainName(random) : createName(random, options)}^`),
    odd: () => withOptions(`${random.pick(PREFIXES)}${createName(random, anywhere)}${random.pick(SUFFIXES)}`),
    regular: () => withOptions(random.pick(REGULAR)),
    cosmetic: () => random.pick(COSMETIC),
    plain: () => withOptions(random.pick(PLAIN)),
    hosts: () => hosts(),
    comment: () => random.pick(COMMENTS),
    blank: () => random.pick(BLANKS),
  }
  const hosts = () => {
    const names = Array.from(
      {
        length: random.weighted([
          [8, 1],
          [2, 2],
          [1, 4],
          [1, 0],
        ]),
      },
      () => createName(random, options),
    )
    const address = random.chance(0.6) ? random.pick(['0.0.0.0', '127.0.0.1', '::1']) : createAddress(random)
    const space = () => (random.chance(0.7) ? ' ' : random.pick(SPACES))
    const line = `${random.chance(0.05) ? ' ' : ''}${[address, ...names].reduce((line, part) => `${line}${space()}${part}`)}`
    return `${line}${random.pick(isAscii(line) || options.wild === true ? [...HOSTS_ENDS, ...ATTACHED_ENDS] : HOSTS_ENDS)}`
  }
  const WEIGHTS = {
    adblock: { network: 10, odd: 8, regular: 2, cosmetic: 3, plain: 4, domain: 3, hosts: 1, comment: 4, blank: 1 },
    hosts: { hosts: 16, domain: 4, comment: 4, blank: 2, network: 2 },
    domains: { domain: 16, comment: 3, blank: 1, network: 3, odd: 2 },
    mixed: { network: 4, odd: 6, regular: 3, cosmetic: 3, plain: 5, domain: 4, hosts: 5, comment: 5, blank: 3 },
  }
  const disturbed = (line) => {
    const noise = options.wild === true ? [...NOISE, ...NOISE_INTERNATIONAL] : NOISE
    const at = random.between(0, line.length)
    return `${line.slice(0, at)}${random.pick(noise)}${line.slice(at + (random.chance(0.3) ? 1 : 0))}`
  }
  return {
    /** @param {'adblock' | 'hosts' | 'domains' | 'mixed'} kind */
    line(kind) {
      const pairs = Object.entries(WEIGHTS[kind]).map(([name, weight]) => [weight, name])
      const made = kinds[random.weighted(pairs)]()
      if (random.chance(0.06) && (options.wild === true || isAscii(made))) return disturbed(made)
      if (random.chance(0.05)) return `${random.pick([' ', '\t', '  '])}${made}${random.pick(['', ' ', '\t'])}`
      return made
    },
    kinds: Object.keys(WEIGHTS),
  }
}
