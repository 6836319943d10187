import { join } from 'node:path'
import { shownPath } from '../check/report.mjs'
import { Failure } from '../command-line.mjs'
import { hashFiles } from '../hash-files.mjs'
import { parentOf } from '../paths.mjs'
import { filesText } from '../size-text.mjs'
import { isSafeFolder } from '../storage/folder-paths.mjs'
import { lieOf } from '../storage/lie.mjs'

/** At most so many wrong files are named. */
const MAX_NAMED = 20

/** Why a file is not taken whose folder is not where it seems to be. */
export const BEHIND_LINK = 'is behind a link or no folder'

/**
 * Tells which files of the resources are reached without links.
 *
 * @param {string} source the folder with the files
 * @returns {(path: string) => boolean} looks at each folder once
 */
export function reachIn(source) {
  const known = new Map()
  return (path) => {
    const folder = parentOf(path)
    if (!known.has(folder)) known.set(folder, isReached(source, folder))
    return known.get(folder)
  }
}

function isReached(source, folder) {
  try {
    isSafeFolder(source, folder)
    return true
  } catch (error) {
    // What else is wrong with it shows when a file in it is read.
    return !(error instanceof Failure)
  }
}

/**
 * Reads all that a plan would copy, before anything is changed.
 *
 * @param {import('./plan-platform.mjs').PlatformPlan} plan
 * @param {{ threads?: number, signal: AbortSignal }} how
 * @returns {Promise<string[]>} a line for each file that is not what its manifest says
 */
export async function liesOf({ source, todo }, { threads, signal }) {
  const isReachable = reachIn(source)
  const lies = todo.flatMap(({ path }) => (isReachable(path) ? [] : [lieText(path, BEHIND_LINK)]))
  const files = todo.filter(({ path }) => isReachable(path))
  const onFile = (index, facts) => {
    const lie = lieOf(facts, files[index])
    if (lie !== undefined) lies.push(lieText(files[index].path, lie))
  }
  await hashFiles(
    files.map(({ path, size }) => ({ path: join(source, path), size })),
    onFile,
    { threads, signal },
  )
  return lies
}

/** A line of a list of lies. */
export function lieText(path, lie) {
  return `${shownPath(path)} ${lie}`
}

/**
 * What is said when resources differ from their manifest.
 *
 * @param {string} begins what that means for the target
 * @param {string} source
 * @param {string[]} lies at least one
 */
export function liesFailure(begins, source, lies) {
  const named = lies.toSorted().slice(0, MAX_NAMED)
  const rest = lies.length > named.length ? `\n  and ${lies.length - named.length} more` : ''
  const list = named.map((lie) => `\n  ${lie}`).join('')
  return new Failure(
    `${begins}, because ${filesText(lies.length)} in ${source} ${lies.length === 1 ? 'differs' : 'differ'} from the manifest:${list}${rest}`,
  )
}
