// npm run size: how large what a page loads is, bundled, minified and compressed. Fails where an entry is larger than it may be.
import { basename, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** The most bytes of each entry, with all that it needs. React is the page's own. */
const MOST = 8 * 1024

/** The most bytes of the main entry with what it loads later: what it takes to share a connection with other tabs. */
const MOST_LATER = 9 * 1024

/** What can be imported of the package. */
const ENTRIES = ['index', 'books/index', 'filters/index', 'tasks/index', 'react/index']

/** @returns {Promise<{ entry: string, bytes: number, laterBytes: number }[]>} what each entry loads at once, and with what it may load later, in bytes after gzip -9 */
export async function sizes() {
  return Promise.all(
    ENTRIES.map(async (entry) => {
      const { outputFiles, metafile } = await build({
        entryPoints: [fileURLToPath(new URL(`../dist/${entry}.js`, import.meta.url))],
        bundle: true,
        minify: true,
        format: 'esm',
        external: ['react', 'react/*'],
        splitting: true,
        metafile: true,
        outdir: ROOT,
        absWorkingDir: ROOT,
        write: false,
      })
      const sizeOf = (files) => files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0)
      const now = new Set([`${basename(entry)}.js`])
      // A set takes in what is added while it is gone through.
      for (const file of now) {
        for (const { path, kind } of metafile.outputs[file].imports)
          if (kind === 'import-statement' && path in metafile.outputs) now.add(path)
      }
      return { entry, bytes: sizeOf(outputFiles.filter(({ path }) => now.has(relative(ROOT, path)))), laterBytes: sizeOf(outputFiles) }
    }),
  )
}

/** Whether an entry is no larger than it may be. */
export const fits = ({ bytes, laterBytes }) => bytes <= MOST && laterBytes <= MOST_LATER

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = await sizes()
  for (const { entry, bytes, laterBytes } of all)
    process.stdout.write(`@headway/client/${entry}: ${bytes} of ${MOST} bytes, with what is loaded later ${laterBytes} of ${MOST_LATER}\n`)
  process.exitCode = all.every(fits) ? 0 : 1
}
