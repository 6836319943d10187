/** The units of durations in task files, settings and flags. In milliseconds, the shortest first. */
export const DURATION_UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * The milliseconds of a duration such as `500ms`, `10s`, `1.5h` or `2 d`; undefined for any other text.
 *
 * @param bare what a number alone counts; without it a number alone is no duration
 */
export function parseDuration(text: string, bare?: keyof typeof DURATION_UNITS): number | undefined {
  const [, amount, unit = bare] = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(text) ?? []
  return amount === undefined || unit === undefined
    ? undefined
    : Math.round(Number(amount) * DURATION_UNITS[unit as keyof typeof DURATION_UNITS])
}
