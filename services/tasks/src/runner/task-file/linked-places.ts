import { readlinkSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** As many links as Linux follows. */
const MAX_LINKS = 40

/** A name in a folder: whoever changes what it stands for changes which file is found. */
export interface Place {
  readonly folder: string
  readonly name: string
}

/**
 * Where a change can put another file in the place of this one: its own place, and those of all links on the way to it.
 *
 * @param path absolute
 */
export function linkedPlaces(path: string): Place[] {
  const places: Place[] = [{ folder: dirname(path), name: basename(path) }]
  let at = '/'
  let names = namesOf(path)
  while (places.length <= MAX_LINKS) {
    const [name, ...rest] = names
    if (name === undefined) break
    const target = targetOf(join(at, name))
    if (target === undefined) {
      at = join(at, name)
      names = rest
    } else {
      places.push({ folder: at, name })
      names = [...namesOf(resolve(at, target)), ...rest]
      at = '/'
    }
  }
  return [...places, { folder: dirname(at), name: basename(at) }]
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '')
}

/** What a link says; undefined for what is none, or is not there. */
function targetOf(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
