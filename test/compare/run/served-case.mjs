/**
 * Where the sources of cases are served: the same always, since it is part of the output and patterns may match it. COMPARE_PORT names another port
 * where two comparisons run at once; the corpus is made with this one.
 */
export const ORIGIN = `http://127.0.0.1:${process.env.COMPARE_PORT ?? 18787}`

/** The configuration of a case with the names under which its sources can be reached. */
export function servedConfiguration({ configuration, served }) {
  if (served === 'path') return configuration
  const url = (path) => `${ORIGIN}/${path}`
  const level = (one) => ({
    ...one,
    ...(one.exclusions_sources !== undefined && { exclusions_sources: one.exclusions_sources.map(url) }),
    ...(one.inclusions_sources !== undefined && { inclusions_sources: one.inclusions_sources.map(url) }),
  })
  const sources = configuration.sources.map((source) => level({ ...source, source: url(source.source) }))
  return { ...level(configuration), sources }
}

/** The bytes of a case's file by the name under which it is reached; undefined when there is none. */
export function fileOf({ files }, name) {
  const path = name.startsWith(`${ORIGIN}/`) ? name.slice(ORIGIN.length + 1) : name.replace(/^\.\//, '')
  return Object.hasOwn(files, path) ? Buffer.from(files[path]) : undefined
}
