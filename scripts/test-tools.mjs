// Programs that the tests run. What is missing is installed by apt where that is allowed; else this says what to do.
import { spawnSync } from 'node:child_process'
import { findPostgresBinaries } from '../test/support/postgres-binaries.mjs'

const TOOLS = [
  { command: 'curl', package: 'curl' },
  { command: 'python3', package: 'python3' },
  { command: 'sqlite3', package: 'sqlite3' },
  { command: 'nginx', package: 'nginx-light' },
  { command: 'pgbouncer', package: 'pgbouncer' },
  { command: 'faketime', package: 'faketime' },
  { command: 'chromium', package: 'chromium' },
]
/** Where Debian has servers, which is not in everybody's PATH. */
const PATH = `${process.env.PATH}:/usr/sbin`

const has = (command) => spawnSync('sh', ['-c', `command -v ${command}`], { stdio: 'ignore', env: { ...process.env, PATH } }).status === 0
const packages = TOOLS.filter(({ command }) => !has(command)).map((tool) => tool.package)
// The tests' own PostgreSQL comes with npm, but not for every platform.
if (!process.env.DATABASE_URL && findPostgresBinaries() === undefined) packages.push('postgresql')
if (packages.length > 0) {
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = (...args) => {
    const [command, ...rest] = [...asRoot, 'apt-get', ...args]
    return spawnSync(command, rest, { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0
  }
  const installed = has('apt-get') && apt('update', '-qq') && apt('install', '-y', '-qq', '--no-install-recommends', ...packages)
  if (!installed) {
    console.error(`The tests need ${packages.join(', ')}. Install it, for example with: apt-get install ${packages.join(' ')}`)
    process.exit(1)
  }
}
