// Installs AdGuard's HostlistCompiler into the cache: the comparison tests and the benchmark run it beside ours.
// It is licensed under GPL-3.0: it is run as it is, never a dependency and never read into our code.
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CACHE, fillFolder, run } from './lib/cache-folder.mjs'

const NAME = '@adguard/hostlist-compiler'
const VERSION = '2.1.1'
/** Its newest diff-builder cannot be installed. */
const OVERRIDES = { '@adguard/diff-builder': '1.1.7' }

/**
 * Installs the peer where it is not there yet.
 *
 * @returns {{ folder: string, program: string }} the folder of its package, and its command
 * @throws {Error} when npm cannot install it
 */
export function fetchPeer() {
  const home = join(CACHE, `peer-${VERSION}`)
  const folder = join(home, 'node_modules', NAME)
  if (!existsSync(folder)) {
    fillFolder(home, (temporary) => {
      const manifest = { private: true, dependencies: { [NAME]: VERSION }, overrides: OVERRIDES }
      writeFileSync(join(temporary, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
      const args = ['install', '--prefix', temporary, '--no-audit', '--no-fund', '--ignore-scripts']
      run(`Installing ${NAME} ${VERSION}`, 'npm', args, temporary)
    })
  }
  return { folder, program: join(folder, 'src', 'cli.js') }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(fetchPeer().folder)
