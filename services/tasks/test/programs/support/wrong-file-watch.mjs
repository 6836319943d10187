// Looks at the files of a published version again and again: whatever is there under its own name must be right.
// Called with the manifest and the folder; on SIGTERM it says how often it looked, how many files it hashed, and what was wrong.
import { createHash } from 'node:crypto'
import { closeSync, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [manifestFile, folder] = process.argv.slice(2)
const { files } = JSON.parse(readFileSync(manifestFile, 'utf8'))
const hashes = new Map(files.map(({ path, sha256 }) => [path, sha256]))
const found = { rounds: 0, hashed: 0, wrong: [] }
/** What was hashed of each path. A file that is another one, or was written to, since then is hashed again. */
const seen = new Map()

function look() {
  for (const entry of entries()) {
    const path = join(entry.parentPath, entry.name).slice(folder.length + 1)
    if (entry.isDirectory() || entry.name.startsWith('.headway-part-') || path === 'manifest.json') continue
    try {
      lookAt(path)
    } catch (error) {
      if (error.code !== 'ENOENT') throw error
    }
  }
  found.rounds += 1
  setImmediate(look)
}

function lookAt(path) {
  const file = openSync(join(folder, path))
  try {
    // Looked at before it is read, so that what is written meanwhile shows next time.
    const { ino, size, mtimeNs, ctimeNs } = fstatSync(file, { bigint: true })
    const state = `${ino} ${size} ${mtimeNs} ${ctimeNs}`
    if (seen.get(path) === state) return
    seen.set(path, state)
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex')
    found.hashed += 1
    if (hash !== hashes.get(path)) found.wrong.push(path)
  } finally {
    closeSync(file)
  }
}

function entries() {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
}

process.on('SIGTERM', () => {
  console.log(JSON.stringify(found))
  process.exit()
})
console.log('looking')
look()
