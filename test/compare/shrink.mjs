const LEVEL_LISTS = ['transformations', 'exclusions', 'exclusions_sources', 'inclusions', 'inclusions_sources']
const FIELDS = ['description', 'homepage', 'license', 'version', 'name', 'type', ...LEVEL_LISTS]
/** Texts of so many characters are made smaller character by character. */
const SHORT = 120

/**
 * Makes a case smaller for as long as it stays interesting.
 *
 * @param {object} one the case
 * @param {(smaller: object) => Promise<boolean>} isInteresting
 * @param {number} tries at most
 */
export async function shrink(one, isInteresting, tries = 1500) {
  let best = one
  let left = tries
  const attempt = async (smaller) => {
    if (left-- <= 0 || !(await isInteresting(smaller))) return false
    best = smaller
    return true
  }
  if (best.served === 'http') await attempt({ ...best, served: 'path' })
  for (let before; before !== best;) {
    before = best
    for (let index = best.configuration.sources.length - 1; index >= 0 && best.configuration.sources.length > 1; index--) {
      await attempt(withSources(best, best.configuration.sources.toSpliced(index, 1)))
    }
    await shrinkLevel(best.configuration, (smaller) => attempt({ ...best, configuration: smaller }))
    for (const index of best.configuration.sources.keys()) {
      await shrinkLevel(best.configuration.sources[index], (smaller) =>
        attempt(withSources(best, best.configuration.sources.with(index, smaller))),
      )
    }
    for (const path of Object.keys(best.files)) {
      const tryText = (text) => attempt({ ...best, files: { ...best.files, [path]: text } })
      await shrinkParts(best.files[path].split(/(?<=\n)/), (parts) => tryText(parts.join('')))
      if (best.files[path].length <= SHORT) await shrinkParts([...best.files[path]], (parts) => tryText(parts.join('')))
    }
  }
  return withoutUnused(best)
}

const withSources = (one, sources) => ({ ...one, configuration: { ...one.configuration, sources } })

/** Takes away fields and members of lists; `attempt` says whether a smaller level will do. */
async function shrinkLevel(level, attempt) {
  let best = level
  for (const key of FIELDS) {
    if (best[key] === undefined || (key === 'name' && best.sources !== undefined)) continue
    const { [key]: list, ...rest } = best
    if (await attempt(rest)) best = rest
    else if (LEVEL_LISTS.includes(key) && list.length > 1) {
      await shrinkParts(list, async (parts) => {
        const smaller = { ...best, [key]: parts }
        const will = await attempt(smaller)
        if (will) best = smaller
        return will
      })
    }
  }
}

/** Takes away halves, quarters and so on down to single parts, each where it can be missed. */
async function shrinkParts(parts, attempt) {
  let best = parts
  for (let size = best.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best.length;) {
      const smaller = best.toSpliced(at, size)
      if (await attempt(smaller)) best = smaller
      else at += size
    }
  }
}

function withoutUnused(one) {
  const mentioned = JSON.stringify([one.configuration, Object.values(one.files)])
  return { ...one, files: Object.fromEntries(Object.entries(one.files).filter(([path]) => mentioned.includes(path))) }
}
