import { rename, writeFile } from 'node:fs/promises'
import { Refusal } from './command-line.mjs'
import { parentsOf } from './paths.mjs'
import { readRegularFile } from './read-file.mjs'
import { isPart } from './storage/part-name.mjs'

/** The file in each platform's folder that lists all others. */
export const MANIFEST_FILE = 'manifest.json'

const FORMAT = 1

/** The largest manifest that is read, in bytes: over a million files. */
export const MAX_MANIFEST_BYTES = 256 * 1024 * 1024

/** At most so many mistakes of a manifest are named. */
const MAX_NAMED_MISTAKES = 20

/**
 * @typedef {{ path: string, size: number, sha256: string }} ManifestFile a path with `/`, a size in bytes, a hash in lower-case hex
 * @typedef {{ format: 1, version: string, platform: string, totalFiles: number, totalBytes: number, files: ManifestFile[] }} Manifest
 */

/**
 * Writes a manifest beside its place and renames it, so that nobody sees half of one.
 *
 * @param {string} path
 * @param {{ version: string, platform: string, files: ManifestFile[] }} content
 */
export async function writeManifest(path, { version, platform, files }) {
  const totalBytes = files.reduce((sum, { size }) => sum + size, 0)
  const manifest = { format: FORMAT, version, platform, totalFiles: files.length, totalBytes, files }
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, null, 1)}\n`)
  await rename(`${path}.new`, path)
}

/**
 * The bytes of a manifest, before anything of them is believed.
 *
 * @param {string} path
 * @returns {Promise<Buffer>}
 * @throws {Refusal} when it is missing, too large or can't be read
 */
export async function readManifestBytes(path) {
  try {
    return await readRegularFile(path, MAX_MANIFEST_BYTES)
  } catch (error) {
    if (error instanceof Refusal) throw new Refusal(`The manifest ${error.message}`)
    throw new Refusal(error.code === 'ENOENT' ? `There is no manifest ${path}.` : `The manifest ${path} can't be read: ${error.message}`)
  }
}

/**
 * Reads a manifest and believes nothing of it.
 *
 * @param {Buffer} bytes
 * @param {string} path for messages
 * @param {{ version: string, platform: string }} expected
 * @returns {Manifest}
 * @throws {Refusal} when it is broken, of something else, contradicts itself or names what is not its own
 */
export function parseManifest(bytes, path, expected) {
  const manifest = parse(bytes, path)
  const mistakes = mistakesOf(manifest, expected)
  if (mistakes.length === 0) return manifest
  const named = mistakes.slice(0, MAX_NAMED_MISTAKES).map((mistake) => `\n  ${mistake}`)
  const rest = mistakes.length > named.length ? `\n  and ${mistakes.length - named.length} more` : ''
  throw new Refusal(`The manifest ${path} can't be used:${named.join('')}${rest}`)
}

function parse(bytes, path) {
  try {
    return JSON.parse(bytes.toString())
  } catch (error) {
    throw new Refusal(`The manifest ${path} is not valid JSON: ${error.message}`)
  }
}

function mistakesOf(manifest, { version, platform }) {
  if (typeof manifest !== 'object' || manifest === null || !Array.isArray(manifest.files)) return ['it has no list "files"']
  const mistakes = []
  if (manifest.format !== FORMAT) mistakes.push(`its format is ${JSON.stringify(manifest.format)}, not ${FORMAT}`)
  if (manifest.version !== version) mistakes.push(`it is of version ${JSON.stringify(manifest.version)}, not "${version}"`)
  if (manifest.platform !== platform) mistakes.push(`it is of platform ${JSON.stringify(manifest.platform)}, not "${platform}"`)
  const seen = new Set()
  for (const [index, file] of manifest.files.entries()) {
    const mistake = mistakeOf(file, seen)
    if (mistake) mistakes.push(`file ${index + 1}: ${mistake}`)
    else seen.add(file.path)
  }
  for (const [index, { path }] of mistakes.length === 0 ? manifest.files.entries() : []) {
    const file = parentsOf(path).find((parent) => parent === MANIFEST_FILE || seen.has(parent))
    if (file !== undefined) mistakes.push(`file ${index + 1}: the path ${JSON.stringify(path)} lies below the file ${JSON.stringify(file)}`)
  }
  if (mistakes.length > 0) return mistakes
  const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0)
  if (manifest.totalFiles !== manifest.files.length) {
    mistakes.push(`it says ${JSON.stringify(manifest.totalFiles)} files and lists ${manifest.files.length}`)
  }
  if (manifest.totalBytes !== bytes) mistakes.push(`it says ${JSON.stringify(manifest.totalBytes)} bytes and lists ${bytes}`)
  return mistakes
}

function mistakeOf(file, seen) {
  if (typeof file !== 'object' || file === null) return 'it is no object'
  const { path, size, sha256 } = file
  if (typeof path !== 'string' || path === '') return 'it has no path'
  const shown = JSON.stringify(path)
  const parts = path.split('/')
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path) || path.includes('\\') || parts.includes('..'))
    return `the path ${shown} leads out of the tree`
  if (parts.includes('') || parts.includes('.') || path.includes('\0')) return `the path ${shown} is not a plain relative path`
  if (path === MANIFEST_FILE) return 'it is the manifest itself'
  if (isPart(path)) return `the path ${shown} is one of those for files that are being written`
  if (seen.has(path)) return `the path ${shown} is there twice`
  if (!Number.isSafeInteger(size) || size < 0) return `${shown} has the size ${JSON.stringify(size)}`
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return `${shown} has no SHA-256 in lower-case hex`
  return undefined
}
