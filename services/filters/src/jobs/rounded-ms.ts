/** A duration in milliseconds, to the hundredth: what is beyond is noise. */
export function roundedMs(ms: number): number {
  return Math.round(ms * 100) / 100
}

/** The same, its `durationMs` rounded where it has one. */
export function withRoundedDuration<Data extends object>(data: Data): Data {
  if (!('durationMs' in data) || typeof data.durationMs !== 'number') return data
  return { ...data, durationMs: roundedMs(data.durationMs) }
}
