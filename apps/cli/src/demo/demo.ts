import { randomBytes } from 'node:crypto'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SHIPPED_PROGRAMS } from '@headway/tasks'
import colors from 'picocolors'
import { z } from 'zod'
import { importLibrary, scanShelf } from './books.js'
import { DemoServer } from './demo-server.js'
import { expectThat } from './expect.js'
import { configuration, expectRules, LISTS } from './lists.js'
import { SlowLists } from './slow-lists.js'

const VERSION = 'v885'
const FILES = 2000
/** Slow enough to see the bar move, and to kill the server in the middle. In files a second. */
const SLOWLY = 150
const KILL_AT_PERCENT = 15

const compiledSchema = z.object({ rules: z.array(z.string()) })
const manifestSchema = z.object({ files: z.array(z.object({ path: z.string() })) })

/**
 * Shows what Headway does, on a server and files of its own in a temporary folder, which is removed at the end.
 *
 * @throws Error when anything is not as promised
 */
export async function runDemo(out: NodeJS.WriteStream): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-demo-'))
  const resources = join(folder, 'resources')
  const published = join(folder, 'published')
  const lists = await SlowLists.start(LISTS)
  const server = await DemoServer.create(randomBytes(24).toString('base64url'), {
    HEADWAY_DATA: join(folder, 'data'),
    HEADWAY_RESOURCES: resources,
    HEADWAY_PUBLISH: published,
    HEADWAY_LEASE: '5s',
    // The two lists come from this machine, which is else refused.
    HEADWAY_FILTERS_ALLOW_ADDRESSES: '127.0.0.1',
    // Books of the catalog that ships; nobody is asked over the network.
    HEADWAY_BOOKS_PROVIDERS: 'none',
  })
  const say = (text: string): void => void out.write(`\n${colors.bold(text)}\n`)
  try {
    say(`1. A server on an embedded store, at ${server.url}`)
    await server.start()

    say(`2. A tree of ${FILES} files to release`)
    await makeTree(out, resources)

    say(`3. Task full-sync of ${VERSION}, followed live: check, publish, check what was published`)
    expectThat((await server.run('full-sync', { version: VERSION })).status === 'completed', 'the release completes')

    say('4. Published files are damaged: one is changed, one deleted, one added')
    const damaged = await damage(join(published, 'staging', 'native', 'ios', VERSION))
    out.write(damaged.map((path) => `   ${path}\n`).join(''))
    const check = await server.run('check-integrity', { version: VERSION, where: 'published' })
    expectThat(check.status === 'failed', 'the check of damaged files fails')
    for (const path of damaged) expectThat(isIn(check.lines, path), `the check finds ${path}`)

    say(`5. The release again, slowly; at ${KILL_AT_PERCENT}% the server is killed with kill -9 and started again`)
    const again = await server.run('full-sync', { version: VERSION, rate: SLOWLY }, KILL_AT_PERCENT)
    expectThat(again.status === 'completed', 'the release ends well after the server was killed, and mends the damage')

    say('6. A filter list, compiled from two sources that come slowly; each step is shown when it happens')
    const compiled = await server.run('compile-filters', { configuration: configuration(lists) })
    expectThat(compiled.status === 'completed', 'the list is compiled')
    const [first, second] = ['Rules: ', 'Hosts: '].map((name) => compiled.lines.findLastIndex((line) => line.startsWith(name)))
    expectThat((first ?? -1) >= 0 && (first ?? 0) < (second ?? -1), 'the faster source is told of while the other still loads')
    const { rules: lines } = await server.get(`queue/results/${compiled.id}`, compiledSchema)
    expectRules(lines)
    out.write(`   ${lines.length} lines, among them each name of both lists once\n`)

    say('7. A library as Goodreads exports it, with double and broken rows; every row is accounted for')
    out.write(`${indented(await importLibrary(server, colors))}\n`)

    say('8. A photo of a shelf: books are read off their spines, on this machine')
    out.write(`${indented(await scanShelf(server, colors))}\n`)

    say('That was Headway. To go on by hand:')
    out.write(
      [
        '   npm start',
        '   node services/tasks/programs/make-tree.mjs --root services/tasks/resources',
        `   npx headway run full-sync --param version=${VERSION} --watch      # Ctrl-C leaves it; headway watch comes back`,
        '   npx headway jobs',
        '   curl -N -H "X-API-Key: $(cat data/admin-key)" localhost:3000/api/tasks/TASK_ID/stream',
        "   printf '0.0.0.0 ads.example.com\\n' > hosts.txt && npx headway compile -i hosts.txt --stdout      # a filter list, without a server",
        '   npx headway import apps/cli/data/demo/library.csv --out books.json --failed-rows failed.csv',
        '   npx headway scan apps/cli/data/demo/shelf.jpg --annotated annotated',
        '',
      ].join('\n'),
    )
  } finally {
    await server.stop()
    lists.close()
    await rm(folder, { recursive: true, force: true })
  }
}

/** Changes, deletes and adds files. @returns their paths */
async function damage(folder: string): Promise<string[]> {
  const { files } = manifestSchema.parse(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')))
  const [changed, deleted] = [files[10]?.path, files[20]?.path]
  if (changed === undefined || deleted === undefined) throw new Error('The tree has too few files.')
  await appendFile(join(folder, changed), 'damage')
  await rm(join(folder, deleted))
  await writeFile(join(folder, 'stray.bin'), 'nobody asked for this file')
  return [changed, deleted, 'stray.bin']
}

async function makeTree(out: NodeJS.WriteStream, root: string): Promise<void> {
  const args = [join(SHIPPED_PROGRAMS, 'make-tree.mjs'), '--root', root, '--files', String(FILES)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.on('data', (text: Buffer) => {
    for (const line of text.toString().split('\n')) if (line !== '') out.write(`   ${line}\n`)
  })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`make-tree.mjs ended with code ${code}.`)
}

/** As all that the demo says between its steps. */
function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '   ')
}

function isIn(lines: readonly string[], text: string): boolean {
  return lines.some((line) => line.includes(text))
}
