import type { Colors } from '../text/colors.js'
import type { LineLevel } from './read-event.js'

const PAINTS: Readonly<Record<LineLevel, keyof Pick<Colors, 'yellow' | 'red' | 'green' | 'dim' | 'reset'> | undefined>> = {
  stdout: undefined,
  stderr: 'yellow',
  debug: 'dim',
  info: 'dim',
  success: 'green',
  error: 'red',
}

/** A line in the colour of its level; output of the job is as it is. */
export function paint(colors: Colors, level: LineLevel, text: string): string {
  const name = PAINTS[level]
  return name === undefined ? text : colors[name](text)
}
