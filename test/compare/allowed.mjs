import { withoutNestedBlocks } from './conditions.mjs'

// The differences that filters-semantics.md marks "ours". Each is a defect of the peer that ours does not have. They are allowed in a strict way:
// the peer gets the same case written so that its defect does not show, and then its output must be the very bytes of ours.

/**
 * Cases that mean the same and that the peer gets right.
 *
 * @type {readonly { name: string, why: string, repair: (one: object) => object }[]}
 */
export const REPAIRS = [
  {
    name: 'conditions-without-spaces',
    why: 'The peer misreads `&&` and `||` where no space is before them: `true||x` is false and `x||true` an error.',
    repair: (one) => withTexts(one, (text) => text.replace(/^\ufeff?!#if.*$/gm, (line) => line.replace(/\s*(&&|\|\|)\s*/g, ' $1 '))),
  },
  {
    name: 'nested-conditions',
    why: 'In the peer an `!#if` inside another one loses the `!#else` of the outer one, or fails there.',
    repair: (one) => withTexts(one, withoutNestedBlocks),
  },
  {
    name: 'header-line-breaks',
    why: 'A line break in a value of the header would put the rest of it into the list as a rule.',
    repair: withoutLineBreaks,
  },
]

/**
 * What crashes the peer and is nothing special to ours: both are compared without it.
 *
 * @type {readonly { name: string, why: string, error: RegExp, withoutIt: (one: object) => object }[]}
 */
export const CRASHES = [
  {
    name: 'exception-of-nothing',
    why: 'A line that is `@@` and white space, or becomes it because InvertAllow marks a line of white space, ends the peer with a TypeError or "the rule is too short".',
    error: /^the rule is too short: @@|^Cannot read properties of undefined \(reading 'options'\)/,
    withoutIt: withoutLines((line) => /^(?:@@)?\s*(?:\$.*)?$/.test(line)),
  },
  {
    name: 'hosts-line-without-names',
    why: 'A hosts line that has an address and a comment but no name ends the peer with "Invalid /etc/hosts rule".',
    error: /^Invalid \/etc\/hosts rule/,
    withoutIt: withoutLines((line) => /^\s*[\d.:a-fA-F%[\]]+\s+(?:#|$)/.test(line)),
  },
  {
    name: 'content-that-is-json',
    why: 'What a server sends is read as JSON when it is valid JSON, whatever its type: a list of one number ends the peer with a TypeError.',
    error: /^filter\.trim is not a function/,
    withoutIt: (one) => ({ ...one, served: 'path' }),
  },
]

/**
 * What generated cases keep away from: the peer's output has nothing of use there. Examples show each (allowed-examples.mjs).
 *
 * @type {readonly { name: string, why: string }[]}
 */
export const AVOIDED = [
  {
    name: 'names-of-object-prototype',
    why: 'The peer looks names up in plain objects: `constructor`, `toString` and whatever ends with them count as seen before.',
  },
  {
    name: 'only-names-in-ascii',
    why: 'The peer takes all around a dot for a URL and keeps its host only: paths, cosmetic text, schemes and comments next to it vanish.',
  },
  {
    name: 'patterns-in-linear-time',
    why: 'The peer tries a regular expression in all ways: some take it longer than anyone waits.',
  },
  {
    name: 'includes-that-end',
    why: 'The peer follows a file that includes itself for ever. Ours says that it is a cycle.',
  },
]

/**
 * The case as the peer should get it.
 *
 * @returns {{ repaired: object, rules: string[] }} and the names of what was needed
 */
export function repair(one) {
  const rules = []
  let repaired = one
  for (const rule of REPAIRS) {
    const next = rule.repair(repaired)
    if (JSON.stringify(next) !== JSON.stringify(repaired)) rules.push(rule.name)
    repaired = next
  }
  return { repaired, rules }
}

/** The crash that an outcome of the peer shows. */
export const crashOf = ({ error }) => (error === undefined ? undefined : CRASHES.find((crash) => crash.error.test(error)))

function withoutLines(isGuilty) {
  const keep = (text) => text.split(/(?<=[\r\n])/).filter((line) => /^[\r\n]$/.test(line) || !isGuilty(line.replace(/[\r\n]$/, '')))
  return (one) => withTexts(one, (text) => keep(text).join(''))
}

function withTexts(one, change) {
  return { ...one, files: Object.fromEntries(Object.entries(one.files).map(([path, text]) => [path, change(text)])) }
}

function withoutLineBreaks(one) {
  const flat = (text) => text.replace(/\r\n|\r|\n/g, ' ')
  const level = (values, keys) => {
    const changed = keys.filter((key) => values[key] !== undefined).map((key) => [key, flat(values[key])])
    return { ...values, ...Object.fromEntries(changed) }
  }
  const top = level(one.configuration, ['name', 'description', 'homepage', 'license', 'version'])
  return { ...one, configuration: { ...top, sources: top.sources.map((source) => level(source, ['name'])) } }
}
