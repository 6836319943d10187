import { rename, writeFile } from 'node:fs/promises'
import { Refusal } from '../command-line.mjs'

/** At most so many paths of each kind are printed and told to the runner; a report has all. */
const MAX_PRINTED = 1000
const MAX_TOLD = 20

/**
 * @typedef {{ platform: string, ok: boolean, checkedFiles: number, checkedBytes: number } & import('./compare.mjs').Problems} PlatformCheck
 * @typedef {{ version: string, place: string, ok: boolean, checkedFiles: number, checkedBytes: number, durationMs: number,
 *   platforms: PlatformCheck[] }} CheckReport
 */

/** The problems of one platform, a line for each. */
export function printProblems({ missing, changed, stray }) {
  for (const lines of [missing.map(missingLine), changed.map(changedLine), stray.map(strayLine)]) {
    for (const line of lines.slice(0, MAX_PRINTED)) console.error(line)
    if (lines.length > MAX_PRINTED) console.error(`and ${lines.length - MAX_PRINTED} more`)
  }
}

const missingLine = (path) => `missing: ${shownPath(path)}`
const changedLine = ({ path, text }) => `changed: ${shownPath(path)} (${text})`
const strayLine = (path) => `stray: ${shownPath(path)}`

/** A path as it is, unless it holds what would spoil the line. */
export function shownPath(path) {
  return /[\p{Cc}\p{Cs}]/u.test(path) ? JSON.stringify(path) : path
}

/** What came out of the check of a platform, as one line. */
export function outcomeLine({ ok, missing, changed, stray }) {
  if (ok) return 'All files matched successfully.'
  return `Problems found: ${missing.length} missing, ${changed.length} changed, ${stray.length} stray.`
}

/** A report for people. */
function textOf({ version, place, durationMs, platforms, checkedFiles }) {
  const parts = platforms.flatMap((found) => [
    `Platform ${found.platform}: ${outcomeLine(found)}`,
    ...found.missing.map(missingLine),
    ...found.changed.map(changedLine),
    ...found.stray.map(strayLine),
    '',
  ])
  return [
    `Version ${version} in ${place}`,
    '',
    ...parts,
    `Total files checked: ${checkedFiles}, in ${(durationMs / 1000).toFixed(1)} s`,
    '',
  ].join('\n')
}

/**
 * Writes a report beside its place and renames it.
 *
 * @param {string} path
 * @param {'json' | 'text'} format
 * @param {CheckReport} report
 * @throws {Refusal} when it can't be written
 */
export async function writeReport(path, format, report) {
  try {
    await writeFile(`${path}.new`, format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : textOf(report))
    await rename(`${path}.new`, path)
  } catch (error) {
    throw new Refusal(`The report ${path} can't be written: ${error.message}`)
  }
}

/** What a runner is told: numbers, and some paths; those of several platforms begin with the platform. */
export function resultOf({ version, ok, checkedFiles, checkedBytes, platforms }) {
  const all = (kind) =>
    platforms.flatMap((found) =>
      found[kind].map((item) => `${platforms.length > 1 ? `${found.platform}/` : ''}${kind === 'changed' ? item.path : item}`),
    )
  const [missing, changed, stray] = [all('missing'), all('changed'), all('stray')]
  return {
    version,
    ...(platforms.length === 1 ? { platform: platforms[0].platform } : { platforms: platforms.map(({ platform }) => platform) }),
    ok,
    checkedFiles,
    checkedBytes,
    missing: missing.length,
    changed: changed.length,
    stray: stray.length,
    examples: { missing: missing.slice(0, MAX_TOLD), changed: changed.slice(0, MAX_TOLD), stray: stray.slice(0, MAX_TOLD) },
  }
}
