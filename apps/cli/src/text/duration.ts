const UNITS = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

/** A time span in at most two units: `0.4s`, `12s`, `3m 05s`, `2h 10m`, `4d 3h`. @param ms in milliseconds; below 0 counts as 0 */
export function shortDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)}s`
  const whole = Math.round(seconds)
  const at = UNITS.findIndex(([, length]) => whole >= length)
  const found = UNITS[at]
  if (found === undefined) return `${whole}s`
  const [unit, length] = found
  const [nextUnit, nextLength] = UNITS[at + 1] ?? (['s', 1] as const)
  const rest = Math.floor((whole % length) / nextLength)
  return `${Math.floor(whole / length)}${unit} ${String(rest).padStart(2, '0')}${nextUnit}`
}

/** The same with milliseconds below a second: `412 ms`. */
export function fineDuration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : shortDuration(ms)
}
