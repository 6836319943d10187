import { RowFilter } from '../parts/row-filter.js'
import { ALL_LEVELS } from './levels.js'
import type { LevelSet } from './levels.js'
import type { LogStore } from './log-store.js'

/** The lines of some levels, as a list with a place for each. */
export function linesOfLevels(store: LogStore, levels: LevelSet): RowFilter {
  return new RowFilter(store, levels === ALL_LEVELS ? undefined : (line) => ((levels >> store.levelIndex(line)) & 1) === 1)
}
