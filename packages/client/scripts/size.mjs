// npm run size: how large what a page loads is, bundled, minified and compressed. Fails where an entry is larger than it may be.
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'

/** The most bytes of each entry, with all that it needs. React is the page's own. */
const MOST = 8 * 1024

/** What can be imported of the package. */
const ENTRIES = ['index', 'books/index', 'filters/index', 'tasks/index', 'react/index']

/** @returns {Promise<{ entry: string, bytes: number }[]>} the size of each entry, in bytes after gzip -9 */
export async function sizes() {
  return Promise.all(
    ENTRIES.map(async (entry) => {
      const { outputFiles } = await build({
        entryPoints: [fileURLToPath(new URL(`../dist/${entry}.js`, import.meta.url))],
        bundle: true,
        minify: true,
        format: 'esm',
        external: ['react', 'react/*'],
        write: false,
      })
      return { entry, bytes: gzipSync(outputFiles[0].contents, { level: 9 }).length }
    }),
  )
}

/** Whether an entry is no larger than it may be. */
export const fits = ({ bytes }) => bytes <= MOST

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = await sizes()
  for (const { entry, bytes } of all) process.stdout.write(`@headway/client/${entry}: ${bytes} of ${MOST} bytes\n`)
  process.exitCode = all.every(fits) ? 0 : 1
}
