import picocolors from 'picocolors'

export type Colors = ReturnType<typeof picocolors.createColors>

/**
 * Colours for one stream: as `--color` or `--no-color` say, else NO_COLOR, else FORCE_COLOR, else only in a terminal that has them.
 *
 * @param flag undefined where neither was given
 */
export function colorsFor(stream: { readonly isTTY?: boolean }, flag: boolean | undefined): Colors {
  return picocolors.createColors(flag ?? byEnvironment() ?? (stream.isTTY === true && process.env['TERM'] !== 'dumb'))
}

function byEnvironment(): boolean | undefined {
  const { NO_COLOR, FORCE_COLOR } = process.env
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false
  if (FORCE_COLOR === undefined || FORCE_COLOR === '') return undefined
  return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false'
}
