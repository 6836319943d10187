import { formatCount } from '../shared/format.js'

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hour12: false,
})

/** A time of the day in this place, with milliseconds. @param at milliseconds since 1970 */
export function clockTime(at: number): string {
  return Number.isFinite(at) ? CLOCK.format(at) : ''
}

/** A number of things: `1 line`, `2,000 lines`. */
export function counted(value: number, what: string): string {
  return `${formatCount(value)} ${what}${value === 1 ? '' : 's'}`
}
