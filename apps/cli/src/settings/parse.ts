import { DURATION_UNITS, parseDuration } from '@headway/protocol'
import { originList, parseAddressSet } from '@headway/server/settings'
import { z } from 'zod'

/** Settings come as text (flags, environment) or as values (configuration file): these schemas take both. */

export function number(limits: { readonly min: number; readonly max: number }) {
  const message = `a whole number from ${limits.min} to ${limits.max}`
  return z.preprocess(
    (value) => (typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value),
    z.int(message).min(limits.min, message).max(limits.max, message),
  )
}

export function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `one of ${values.join(', ')}`)
}

/** Addresses and CIDR ranges, as the server takes them. */
export function addresses() {
  return list(parseAddressSet, 'addresses and CIDR ranges with commas between them, such as 10.0.0.0/8 or ::1; or loopback, or private')
}

/** Origins of web pages, as the server takes them. */
export function origins() {
  return list(originList, 'origins with commas between them, such as https://app.example or http://localhost:5173; or *, or null')
}

/**
 * Texts with commas between them.
 *
 * @param use throws when they make no sense
 * @param message says what is allowed
 */
function list(use: (entries: readonly string[]) => unknown, message: string) {
  const isGood = (entries: readonly string[]): boolean => {
    try {
      use(entries)
      return true
    } catch {
      return false
    }
  }
  return z.preprocess(
    (value) => (typeof value === 'string' ? itemsOf(value) : value),
    z.array(z.string(message), message).refine(isGood, message),
  )
}

function itemsOf(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}

/** Some of these words with commas between them; or `none`, alone. */
export function someOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  const message = `${values.join(', ')} with commas between them, or none`
  return z.preprocess(
    (value) => (typeof value === 'string' ? itemsOf(value) : value),
    z
      .array(z.enum([...values, 'none'], message), message)
      .min(1, message)
      .refine((given) => given.length === 1 || !(given as readonly string[]).includes('none'), message),
  )
}

/** A time such as `10s`, `5m` or `1500ms`; a number alone is in seconds. Gives milliseconds. */
export function duration(limits: { readonly minMs: number; readonly maxMs: number }) {
  const message = `a time such as 500ms, 10s, 5m, 2h or 30d, from ${showDuration(limits.minMs)} to ${showDuration(limits.maxMs)}`
  const toMilliseconds = (value: unknown): unknown => parseDuration(String(value).trim(), 's') ?? value
  return z.preprocess(toMilliseconds, z.int(message).min(limits.minMs, message).max(limits.maxMs, message))
}

export function showDuration(ms: number): string {
  const [unit = 'ms', size = 1] = Object.entries(DURATION_UNITS).findLast(([, length]) => ms >= length && ms % length === 0) ?? []
  return `${ms / size}${unit}`
}

const URL_MESSAGE = 'an absolute URL with http or https'
export function httpUrl() {
  return z.string(URL_MESSAGE).refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol), URL_MESSAGE)
}
