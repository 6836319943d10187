import { domainToASCII } from 'node:url'
import { parse } from 'tldts'
import type { TransformationName } from '@headway/filters/compiler'

// The transformations as filters-semantics.md describes them, as plainly as possible and as slow as that is: regular expressions, arrays
// that are searched from one end to the other, lines removed one by one.

type Lines = readonly string[]

const isComment = (line: string): boolean => line.startsWith('!') || line.startsWith('# ') || line === '#' || line.startsWith('####')
const HOSTS = /^[0-9a-f.:[\]]+(?:%[0-9a-z]+)?\s+([^#]+)(#.*)?$/
const isHosts = (line: string): boolean => HOSTS.test(line)
const hostsNames = (line: string): string[] => (HOSTS.exec(line)?.[1] ?? '').split(/\s+/).filter((name) => name !== '')

interface Rule {
  exception: string
  pattern: string
  options: string[] | undefined
}

function parseRule(text: string): Rule | undefined {
  if (text.startsWith('@@') && text.length === 2) return undefined
  const exception = text.startsWith('@@') ? '@@' : ''
  const rest = text.slice(exception.length)
  if (/^\/.*\/$/s.test(rest) && !rest.includes('replace=')) return { exception, pattern: rest, options: undefined }
  const dollars = [...rest.matchAll(/(?<!\\)\$/g)]
  const at = dollars.at(-1)?.index
  if (at === undefined) return { exception, pattern: rest, options: undefined }
  const options = rest.slice(at + 1).split(/(?<!\\),/)
  return { exception, pattern: rest.slice(0, at), options: options.filter((one) => one !== '').map((one) => one.replaceAll('\\,', ',')) }
}

const nameOf = (option: string): string => option.replace(/=.*$/s, '')

function writeRule({ exception, pattern, options = [] }: Rule): string {
  const written = options.map((one) => (one.split('=')[1] ? `${nameOf(one)}=${one.split('=')[1]}` : nameOf(one)))
  return exception + pattern + (written.length > 0 ? `$${written.join(',')}` : '')
}

function compress(lines: Lines): string[] {
  const output: { line: string; name?: string }[] = []
  const add = (line: string, name: string): void => {
    if (!output.some((one) => one.name === name)) output.push({ line, name })
  }
  for (const line of lines) {
    const rule = /^\|\|([a-z0-9.-]+)\^(?:\$,*)?$/.exec(line.trim())
    const names = hostsNames(line)
    if (rule?.[1] !== undefined) add(line, rule[1])
    else if (names.length > 0) for (const name of names) add(`||${name}^`, name)
    else if (/^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)?$/i.test(line) && line.length <= 255) {
      add(`||${line}^`, line)
    } else output.push({ line })
  }
  const hasParent = (name: string): boolean =>
    output.some((one) => one.name !== undefined && one.name !== '' && name.endsWith(`.${one.name}`))
  return output.filter(({ name }) => name === undefined || !hasParent(name)).map(({ line }) => line)
}

/** Goes upwards; drops what is bad with the comments and empty lines right above. */
function dropUpwards(lines: Lines, isBad: (line: string, below: Lines) => boolean): string[] {
  const kept: string[] = []
  let isDropping = false
  for (const line of lines.toReversed()) {
    if (line === '' || isComment(line)) {
      if (!isDropping) kept.unshift(line)
      continue
    }
    isDropping = isBad(line, kept)
    if (!isDropping) kept.unshift(line)
  }
  return kept
}

const OCTET = '(?:25[0-5]|2[0-4][0-9]|[01]?[0-9]?[0-9])'
const WHOLE = new RegExp(`^\\|{0,2}(${OCTET}(?:\\.${OCTET}){3})(?:\\^\\|?)?$`)
const SUBNET = new RegExp(`^\\|{0,2}(${OCTET}(?:\\.${OCTET}){2}\\.\\*?)$`)
const AMBIGUOUS = new RegExp(`^(?:\\|{0,2}${OCTET}(?:\\.${OCTET}){1,3}|\\|{1,2}${OCTET})(?:\\.\\*?)?(?:\\^\\|?)?$|^${OCTET}(?:\\.\\*?)?$`)
const EXACT = /^(?:\|\|)?(?:\*\.|\.)?((?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.?)\^\|?$/i
const LIMITING = ['denyallow', 'badfilter', 'client']
const KNOWN = ['important', '~important', 'dnstype', 'dnsrewrite', 'ctag', ...LIMITING]

const normalIp = (text: string): string => {
  const rule = parseRule(text)
  if (rule === undefined) return text
  const whole = WHOLE.exec(rule.pattern)?.[1]
  const subnet = SUBNET.exec(rule.pattern)?.[1]
  const pattern = whole !== undefined ? `||${whole}^` : subnet !== undefined ? `||${subnet}` : rule.pattern
  return pattern === rule.pattern ? text : writeRule({ ...rule, pattern })
}

function validate(lines: Lines, ip: boolean, suffix: boolean): string[] {
  const written = lines.map((line) => {
    if (!ip || isComment(line) || line.trim() === '') return line
    return normalIp(line.trim()) === line.trim() ? line : normalIp(line.trim())
  })
  return dropUpwards(written, (line) => line.trim() !== '' && !isValid(line, ip, suffix))
}

function isName(name: string, ip: boolean, suffix: 'none' | 'icann' | 'any'): boolean {
  const { hostname, isIp, publicSuffix, isIcann } = parse(name)
  if (hostname === null || !/[a-z0-9]/i.test(hostname)) return false
  if (isIp === true) return ip
  return publicSuffix !== hostname || suffix === 'any' || (suffix === 'icann' && isIcann === true)
}

function isValid(line: string, ip: boolean, suffix: boolean): boolean {
  if (isHosts(line)) return hostsNames(line).length > 0 && hostsNames(line).every((name) => isName(name, ip, suffix ? 'icann' : 'none'))
  const rule = parseRule(line.trim())
  if (rule === undefined || !(rule.options ?? []).every((option) => KNOWN.includes(nameOf(option)))) return false
  const { pattern } = rule
  const allowed = (rule.options ?? []).some((option) => LIMITING.includes(nameOf(option))) ? 'any' : suffix ? 'icann' : 'none'
  const exact = EXACT.exec(pattern)?.[1]
  if (pattern.length < 5 && exact === undefined) return false
  if (/^\/.*\/$/s.test(pattern)) return true
  const bare = pattern.startsWith('://') ? pattern.replace(/^[:/]+/, '') : pattern
  if (!/^[a-z0-9.*|^-]+$/i.test(bare)) return false
  if (bare === pattern && (WHOLE.test(pattern) || SUBNET.test(pattern))) return ip
  if (bare === pattern && AMBIGUOUS.test(pattern)) return false
  const core = bare.replace(/^\|{1,2}/, '').replace(/\^\|?$/, '')
  if (!ip && /^[0-9]/.test(core) && parse(core).isIp === true) return false
  if (pattern.includes('^') && pattern.indexOf('*') > pattern.indexOf('^')) return false
  if (exact !== undefined) return isName(exact, ip, allowed)
  const [, name, rest] = /^\|\|([^^]*)\^(.*)$/s.exec(pattern) ?? []
  if (name === undefined || rest === undefined) return true
  if (name.includes('*')) {
    const after = name.startsWith('*.') ? name.slice(2) : '*'
    const found = parse(after)
    return after.includes('*') || found.publicSuffix !== after || allowed === 'any' || (allowed === 'icann' && found.isIcann === true)
  }
  return (rest === '' || rest.startsWith('|')) && isName(name, ip, allowed)
}

const REMOVED = ['third-party', '3p', 'all', 'document', 'doc', 'popup', 'network']

function removeModifiers(line: string): string {
  const text = line.trim()
  const rule = isComment(text) || text === '' ? undefined : parseRule(text)
  if (rule?.options === undefined) return text
  return writeRule({ ...rule, options: rule.options.filter((option) => !REMOVED.includes(nameOf(option))) })
}

const TRANSFORMATIONS: Readonly<Record<TransformationName, (lines: Lines) => string[]>> = {
  // Generated names are whole rules or in hosts rules: what else a line may be is in transformations.test.ts.
  ConvertToAscii: (lines) =>
    lines.map((line) =>
      isComment(line)
        ? line
        : line.replace(/[^\s|^$,=]*[^\0-\x7f\s|^$,=][^\s|^$,=]*/gu, (name) => (/.\../u.test(name) ? domainToASCII(name) : name)),
    ),
  TrimLines: (lines) => lines.map((line) => line.replace(/^[ \t]+/, '').replace(/[ \t]+$/, '')),
  RemoveComments: (lines) => lines.filter((line) => !isComment(line)),
  Compress: compress,
  RemoveModifiers: (lines) => lines.map(removeModifiers),
  InvertAllow: (lines) =>
    lines.map((line) => (line === '' || isComment(line) || isHosts(line) || line.startsWith('@@') ? line : `@@${line}`)),
  Validate: (lines) => validate(lines, false, false),
  ValidateAllowIp: (lines) => validate(lines, true, false),
  ValidateAllowPublicSuffix: (lines) => validate(lines, false, true),
  ValidateAllowIpAndPublicSuffix: (lines) => validate(lines, true, true),
  Deduplicate: (lines) => dropUpwards(lines, (line, below) => below.includes(line)),
  RemoveEmptyLines: (lines) => lines.filter((line) => line.trim() !== ''),
  InsertFinalNewLine: (lines) => (lines.at(-1)?.trim() === '' ? [...lines] : [...lines, '']),
}

export function naive(lines: Lines, names: readonly TransformationName[]): string[] {
  let current = [...lines]
  for (const name of Object.keys(TRANSFORMATIONS) as TransformationName[])
    if (names.includes(name)) current = TRANSFORMATIONS[name](current)
  return current
}
