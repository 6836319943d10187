/** The levels that lines of a log have: those of `log` events, what programs print, and what the engine says of the job itself. */
export const LEVELS = ['debug', 'info', 'success', 'warn', 'error', 'stdout', 'stderr', 'job'] as const
export type Level = (typeof LEVELS)[number]

/** How a level is called where there is little room. */
export const LEVEL_NAMES: Readonly<Record<Level, string>> = {
  debug: 'debug',
  info: 'info',
  success: 'success',
  warn: 'warn',
  error: 'error',
  stdout: 'output',
  stderr: 'stderr',
  job: 'job',
}

/** All levels, as {@link LevelSet} has them. */
export const ALL_LEVELS = (1 << LEVELS.length) - 1

/** Levels as bits, in the order of {@link LEVELS}. */
export type LevelSet = number

/** The bit of a level. */
export function levelBit(level: Level): LevelSet {
  return 1 << LEVELS.indexOf(level)
}

/** The level that is meant by a name of a service; `info` where it is none of ours. */
export function levelOf(name: string): Level {
  if (name === 'trace') return 'debug'
  return LEVELS.find((level) => level === name) ?? 'info'
}
