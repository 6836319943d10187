// The dashboard's build: made only when something that it is made of changed, put in place file by file, for a server may be serving it.
import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DASHBOARD = join(ROOT, 'apps/dashboard')
const DIST = join(DASHBOARD, 'dist')
const STAMP = join(DIST, 'built-from')
/** What it is made of: its own files, the client, and the versions of all libraries. */
const SOURCES = ['src', 'index.html', 'vite.config.ts', 'package.json', '../../packages/client/dist', '../../package-lock.json']
/** Smaller files gain nothing. In bytes. */
const MIN_COMPRESSED = 1024
const COMPRESSED = /\.(js|css|svg|html)$/

/** @returns whether it was built */
export async function buildDashboardIfOld() {
  const from = fingerprint()
  const last = readStamp()
  if (last.from === from) return false
  let files
  const made = join(DASHBOARD, 'node_modules/.build', String(process.pid))
  try {
    const { build } = await import('vite')
    await build({ root: DASHBOARD, logLevel: 'warn', build: { outDir: made, emptyOutDir: true } })
    await compress(made)
    files = putInPlace(made, last.files)
  } finally {
    rmSync(made, { recursive: true, force: true })
  }
  writeFileSync(STAMP, [from, ...files].join('\n'))
  return true
}

/** What it was made of the last time, and the names of the files that came of it. */
function readStamp() {
  try {
    const [from, ...files] = readFileSync(STAMP, 'utf8').split('\n')
    return { from, files }
  } catch {
    return { files: [] }
  }
}

/** Changes with the name, size and time of every source. */
function fingerprint() {
  const hash = createHash('sha256')
  for (const source of SOURCES) {
    const path = join(DASHBOARD, source)
    const stats = statSync(path, { throwIfNoEntry: false })
    const files = stats?.isDirectory() === true ? readdirSync(path, { recursive: true }).map((file) => join(path, file)) : [path]
    for (const file of files.toSorted()) {
      const { size, mtimeMs } = statSync(file, { throwIfNoEntry: false }) ?? {}
      hash.update(`${file} ${size} ${mtimeMs}\n`)
    }
  }
  return hash.digest('hex')
}

/** Beside each text a `.br` and a `.gz` of it. index.html is left alone: each answer of it is another. */
async function compress(folder) {
  const files = readdirSync(join(folder, 'assets')).filter((file) => COMPRESSED.test(file))
  await Promise.all(
    files.map(async (name) => {
      const file = join(folder, 'assets', name)
      const text = await readFile(file)
      if (text.length < MIN_COMPRESSED) return
      const [br, gz] = await Promise.all([
        promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
        promisify(gzip)(text, { level: 9 }),
      ])
      await Promise.all([writeFile(`${file}.br`, br), writeFile(`${file}.gz`, gz)])
    }),
  )
}

/**
 * First what index.html names, then index.html. What came of the build before stays: a page that is open still loads parts of what it began
 * with. What is older goes.
 *
 * @returns the names of the files that this build has
 */
function putInPlace(made, before) {
  const assets = join(DIST, 'assets')
  mkdirSync(assets, { recursive: true })
  const current = readdirSync(join(made, 'assets'))
  cpSync(join(made, 'assets'), assets, { recursive: true, force: true })
  const index = join(DIST, `index.html.${process.pid}`)
  cpSync(join(made, 'index.html'), index)
  renameSync(index, join(DIST, 'index.html'))
  const stay = new Set([...current, ...before])
  for (const name of readdirSync(assets)) if (!stay.has(name)) rmSync(join(assets, name), { force: true })
  return current
}
