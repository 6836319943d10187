#!/usr/bin/env node
import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EXIT, readName, readSize, Refusal, runProgram } from './lib/command-line.mjs'
import { MANIFEST_FILE, writeManifest } from './lib/manifest.mjs'
import { tellProgress, tellResult } from './lib/markers.mjs'
import { readPlatform } from './lib/platforms.mjs'
import { TreeContent } from './lib/tree-content.mjs'
import { planTree } from './lib/tree-plan.mjs'

await runProgram(
  {
    name: 'make-tree',
    summary:
      'Makes a tree of resources to try things on: versions, platforms, folders, files of all sizes, and a manifest for each platform.',
    options: {
      root: { value: 'FOLDER', default: process.env.HEADWAY_RESOURCES ?? 'resources', help: 'Where the versions go' },
      files: { value: 'NUMBER', default: '2000', help: 'How many files the whole tree has' },
      bytes: { value: 'SIZE', help: 'How large the whole tree is, about; 20k for each file where it is not given' },
      versions: { value: 'NAMES', default: 'v884,v885', help: 'The versions, oldest first' },
      platforms: { value: 'NAMES', default: 'ios,android,web', help: 'The platforms' },
      seed: { value: 'TEXT', default: '1', help: 'The same seed makes the same tree' },
      force: { help: 'Replace versions that are there' },
    },
    more: 'Exit codes: 0 the tree is there, 2 called wrongly or it could not be written.',
  },
  async (options) => {
    const { root, seed, force } = options
    const files = readSize('files', options.files)
    const bytes = options.bytes === undefined ? files * 20 * 1024 : readSize('bytes', options.bytes)
    const versions = options.versions.split(',').map((name) => readName('versions', name))
    const platforms = options.platforms.split(',').map(readPlatform)
    const plan = planTree({ seed, files, bytes, versions, platforms })
    try {
      for (const group of plan) clear(join(root, group.version, group.platform), force)
      const made = await write(root, plan, new TreeContent(seed))
      console.log(`Made ${made.files} files of ${made.bytes} bytes in ${root}: ${versions.join(', ')} for ${platforms.join(', ')}.`)
      tellResult(made)
    } catch (error) {
      if (error.code === undefined) throw error
      throw new Refusal(`The tree could not be written: ${error.message}`)
    }
    return EXIT.fine
  },
)

function clear(folder, force) {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length === 0) return
  if (!force) throw new Refusal(`${folder} is not empty; --force replaces it.`)
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
}

async function write(root, plan, content) {
  const total = plan.reduce((sum, group) => sum + group.files.length, 0)
  const made = { files: 0, bytes: 0 }
  for (const { version, platform, files } of plan) {
    const folder = join(root, version, platform)
    const folders = new Set(files.map(({ path }) => dirname(path)))
    for (const path of folders) mkdirSync(join(folder, path), { recursive: true })
    const entries = files.map(({ path, size, content: name }) => {
      const sha256 = content.write(join(folder, path), name, size)
      made.files += 1
      made.bytes += size
      tellProgress(made.files / total, `${made.files} of ${total} files`)
      return { path, size, sha256 }
    })
    await writeManifest(join(folder, MANIFEST_FILE), { version, platform, files: entries })
  }
  return made
}
