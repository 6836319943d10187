#!/usr/bin/env node
import { rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EXIT, readName, readSize, Refusal, runProgram } from './lib/command-line.mjs'
import { hashFiles } from './lib/hash-files.mjs'
import { MANIFEST_FILE, readManifest } from './lib/manifest.mjs'
import { tellProgress, tellResult } from './lib/markers.mjs'
import { PLATFORMS, readPlatform } from './lib/platforms.mjs'
import { walk } from './lib/walk.mjs'

/** At most so many paths of each kind are printed and told to the runner; the JSON report has all. */
const MAX_PRINTED = 1000
const MAX_TOLD = 20

await runProgram(
  {
    name: 'check-integrity',
    summary:
      "Checks every file of one version and platform against its manifest: present, size, hash. Tells of files that it doesn't list.",
    options: {
      root: { value: 'FOLDER', default: process.env.HEADWAY_RESOURCES ?? 'resources', help: 'Where the versions are' },
      version: { value: 'NAME', help: 'The version, such as v885' },
      platform: { value: 'NAME', help: `One of ${Object.keys(PLATFORMS).join(', ')}` },
      rate: {
        value: 'NUMBER',
        default: '0',
        help: 'Check at most so many files a second, where others need the disk; 0: as fast as it goes',
      },
      report: { value: 'FILE', help: 'Write a report as JSON' },
    },
    more: 'Exit codes: 0 all is well, 1 files are missing, changed or stray, 2 called wrongly or the manifest is broken.',
  },
  async ({ root, version: versionText, platform: platformText, rate, report }) => {
    const version = readName('version', versionText)
    const platform = readPlatform(platformText)
    const filesPerSecond = rate === '0' ? 0 : readSize('rate', rate)
    const folder = join(root, version, platform)
    await mustBeFolder(folder)
    console.log(`Checking ${PLATFORMS[platform]} manifest...`)
    const startedAt = performance.now()
    const manifest = await readManifest(join(folder, MANIFEST_FILE), { version, platform })
    const problems = await compare(folder, manifest, filesPerSecond)
    const found = { missing: problems.missing.length, changed: problems.changed.length, stray: problems.stray.length }
    const ok = found.missing + found.changed + found.stray === 0
    printText(problems)
    console.log(
      ok ? 'All files matched successfully.' : `Problems found: ${found.missing} missing, ${found.changed} changed, ${found.stray} stray.`,
    )
    console.log(`Total files checked: ${manifest.totalFiles}`)
    const summary = { version, platform, ok, checkedFiles: manifest.totalFiles, checkedBytes: manifest.totalBytes }
    const durationMs = Math.round(performance.now() - startedAt)
    if (report !== undefined) await writeReport(report, { ...summary, durationMs, ...problems })
    tellResult({ ...summary, ...found, examples: examplesOf(problems) })
    return ok ? EXIT.fine : EXIT.problems
  },
)

async function mustBeFolder(folder) {
  const stats = await stat(folder).catch(() => undefined)
  if (!stats?.isDirectory()) throw new Refusal(`There is no folder ${folder}.`)
}

function byText(a, b) {
  return a < b ? -1 : 1
}

/** What differs between a manifest and the folder that it describes. */
async function compare(folder, { files, totalBytes }, filesPerSecond) {
  const present = walk(folder)
  const there = new Set(present)
  const listed = new Set(files.map(({ path }) => path))
  const missing = []
  const changed = []
  const stray = present.filter((path) => !listed.has(path) && path !== MANIFEST_FILE)
  const toHash = []
  for (const file of files) {
    // What the walk does not find is not there, or lies behind a link, which would lead out of the tree.
    if (there.has(file.path)) toHash.push(file)
    else missing.push(file.path)
  }
  let doneFiles = 0
  let doneBytes = 0
  const paths = toHash.map(({ path, size }) => ({ path: join(folder, path), size }))
  await hashFiles(
    paths,
    (index, facts) => {
      const file = toHash[index]
      doneFiles += 1
      doneBytes += file.size
      tellProgress(totalBytes === 0 ? 1 : doneBytes / totalBytes, `${doneFiles} of ${toHash.length} files`)
      if (facts.trouble === 'missing') missing.push(file.path)
      else if (facts.trouble === 'other') changed.push({ path: file.path, why: 'type', text: 'no regular file' })
      else if (facts.trouble !== undefined) changed.push({ path: file.path, why: 'unreadable', text: `can't be read: ${facts.trouble}` })
      else if (facts.size !== file.size) {
        changed.push({
          path: file.path,
          why: 'size',
          text: `${facts.size} bytes instead of ${file.size}`,
          expected: file.size,
          actual: facts.size,
        })
      } else if (facts.sha256 !== file.sha256) {
        changed.push({ path: file.path, why: 'hash', text: 'another content', expected: file.sha256, actual: facts.sha256 })
      }
    },
    filesPerSecond,
  )
  return { missing: missing.sort(byText), changed: changed.sort((a, b) => byText(a.path, b.path)), stray }
}

function printText({ missing, changed, stray }) {
  printList(missing, (path) => `missing: ${shown(path)}`)
  printList(changed, ({ path, text }) => `changed: ${shown(path)} (${text})`)
  printList(stray, (path) => `stray: ${shown(path)}`)
}

function printList(items, textOf) {
  for (const item of items.slice(0, MAX_PRINTED)) console.error(textOf(item))
  if (items.length > MAX_PRINTED) console.error(`and ${items.length - MAX_PRINTED} more`)
}

/** A path as it is, unless it holds what would spoil the line. */
function shown(path) {
  return /[\p{Cc}\p{Cs}]/u.test(path) ? JSON.stringify(path) : path
}

function examplesOf({ missing, changed, stray }) {
  return {
    missing: missing.slice(0, MAX_TOLD),
    changed: changed.slice(0, MAX_TOLD).map(({ path }) => path),
    stray: stray.slice(0, MAX_TOLD),
  }
}

async function writeReport(path, report) {
  try {
    await writeFile(`${path}.new`, `${JSON.stringify(report, null, 2)}\n`)
    await rename(`${path}.new`, path)
  } catch (error) {
    throw new Refusal(`The report ${path} can't be written: ${error.message}`)
  }
}
