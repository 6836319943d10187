import fc from 'fast-check'

// Lines of filter lists and hosts files, from parts that matter to the transformations.

const label = fc.constantFrom(
  'a',
  'b',
  'com',
  'co',
  'uk',
  'x-y',
  '1',
  '22',
  '256',
  '*',
  '',
  'a_b',
  'A',
  'test',
  'org',
  'localhost',
  '-a',
  'ck',
  'www',
  'constructor',
  'github',
  'io',
)
const foreign = fc.constantFrom('é', 'ü', '中国', 'рус', 'ß')
const name = fc.oneof(
  { weight: 6, arbitrary: fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')) },
  { weight: 1, arbitrary: fc.ipV4() },
  { weight: 1, arbitrary: fc.domain() },
)
const prefix = fc.constantFrom(
  '',
  '',
  '||',
  '||',
  '|',
  '@@',
  '@@||',
  ' ',
  '\t',
  '*',
  '/',
  '://',
  '! ',
  '# ',
  '#',
  '##',
  '####',
  '!',
  '||*.',
  '*.',
  '.',
)
const suffix = fc.constantFrom('', '', '^', '^', '^|', '|', '/', '^^', '*', ' ', '\t', ' #c', '# c', '.', '.*', '.^')
const option = fc.constantFrom(
  'important',
  '~important',
  'third-party',
  '~third-party',
  '3p',
  'doc',
  'all',
  'denyallow=x',
  'badfilter',
  'client=a\\,b',
  'dnsrewrite=1.2.3.4',
  'domain=a.com|b.com',
  'ctag=a=b',
  'x=',
  '',
  ' important',
  'replace=/a/b/',
)
const options = fc.oneof(
  { weight: 3, arbitrary: fc.constant('') },
  { weight: 1, arbitrary: fc.array(option, { maxLength: 3 }).map((list) => `$${list.join(',')}`) },
)
const rule = fc.tuple(prefix, name, suffix, options).map((parts) => parts.join(''))
const address = fc.constantFrom('0.0.0.0', '127.0.0.1', '0', '::1', 'fe80::1%lo0', '::', '1.2.3.4', 'FE80::1')
const hosts = fc
  .tuple(address, fc.constantFrom(' ', '\t', '  '), fc.array(name, { maxLength: 3 }), fc.constantFrom('', '', ' # c', '#c', ' '))
  .map(([ip, space, names, end]) => `${ip}${space}${names.join(space)}${end}`)
const odd = fc.constantFrom(
  '  ',
  '\t',
  '\u00a0',
  '!',
  '#',
  '# x',
  '! x',
  '####',
  '@@',
  '$',
  '$$',
  '/',
  '//',
  '/a/',
  '/abc/$important',
  '||^',
  '*',
  'a\u2028b',
  '0.0.0.0',
)
const converted = fc
  .tuple(
    fc.constantFrom('', '||', '||*.', '@@||', '0.0.0.0 '),
    fc.array(foreign, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '.com'),
    fc.constantFrom('', '^', '^$important'),
  )
  .map(([before, labels, tld, after]) => `${before}${labels.join('.')}${tld}${before === '0.0.0.0 ' ? '' : after}`)

export const line = fc.oneof(
  { weight: 6, arbitrary: rule },
  { weight: 3, arbitrary: hosts },
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: converted },
)

/** Lines of which many come again. */
export const lines = fc
  .array(line, { minLength: 1, maxLength: 12 })
  .chain((pool) => fc.array(fc.constantFrom(...pool), { minLength: 1, maxLength: 30 }))
  .map((list) => list.filter((one) => one !== '' && !one.startsWith('!#')))

export const lineEnd = fc.constantFrom('\n', '\r\n', '\r', '\n\n', '\r\n\r\n')
