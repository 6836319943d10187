import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { freePort } from '../src/demo/free-port.js'
import { Command, DIST, MAIN, workFolder } from './support/command.js'
import { serverForTests, TASKS, TestServer } from './support/server.js'

const FLOODS = `
  floods:
    params: { type: object, properties: {} }
    steps: [{ name: flood, run: [sh, -c, 'seq 50000; exec sleep 600'] }]
`

describe('headway watch in a pipe', () => {
  const shared = serverForTests({ 'tasks.yaml': TASKS + FLOODS })

  it("has the job's output alone on the standard output, all else on the other", async () => {
    const server = shared()
    const id = await server.create('hello', { who: 'world' })
    const { stdout, stderr, code } = await server.run(['watch', id])
    expect({ stdout, code }).toEqual({ stdout: 'hello world\n', code: 0 })
    expect(stderr).toMatch(/^Executing: say .*\n(?:careful\n|say finished after .*\n)+headway: completed after \S+\n$/)
    expect(stderr).toContain('careful')
    // The beginning of an id is as good.
    expect((await server.run(['watch', id.slice(0, 8)])).stdout).toBe(stdout)
  })

  it('lets nothing through that a terminal would obey, unless it is asked for', async () => {
    const server = shared()
    const id = await server.create('colours')
    expect((await server.run(['watch', id])).stdout).toBe('aredb\tcd\n')
    expect((await server.run(['watch', id, '--raw'])).stdout).toBe('a\x1b[31mred\x1b[0m\x1b]0;title\x07b\tc\u009bd\n')
  })

  it('gives events as the server has them, with --json', async () => {
    const server = shared()
    const id = await server.create('hello')
    const { stdout, code } = await server.run(['watch', id, '--json'])
    expect({ stdout, code }).toEqual({ stdout: await server.log(id), code: 0 })
    const seqs = (await server.run(['watch', id, '--json', '--after', '3'])).stdout.trim().split('\n')
    expect(seqs.map((line) => (JSON.parse(line) as { seq: number }).seq).slice(0, 2)).toEqual([4, 5])
  })

  it('has exit codes for the ends of a job', async () => {
    const server = shared()
    const failed = await server.create('fails')
    const { code, stderr } = await server.run(['watch', failed])
    expect(code).toBe(1)
    expect(stderr).toMatch(/headway: failed after \S+: .*exit code 3\. \(step_failed\)\n$/)
    const end = (await server.log(failed)).trim().split('\n').length
    // Nothing is left to show, and the end is known all the same.
    expect((await server.run(['watch', failed, '--after', String(end)])).code).toBe(1)
    const stopped = await server.create('gate')
    await server.run(['cancel', stopped])
    expect((await server.run(['watch', stopped])).code).toBe(130)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('is left by %s, and goes on from where it was', async (signal) => {
    const server = await TestServer.start()
    const id = await server.create('gate')
    const first = server.begin(['watch', id, '--json'])
    await first.says(/"before"/)
    first.process.kill(signal)
    expect(await first.exit).toBe(75)
    const [, after = ''] = await first.complains(
      new RegExp(`^headway: detached; the job goes on. To come back: headway watch ${id} --after (\\d+)\\n$`),
    )
    expect((await server.job(id)).status).toBe('running')
    await server.open()
    const second = await server.run(['watch', id, '--json', '--after', after])
    expect({ seen: first.stdout + second.stdout, code: second.code }).toEqual({ seen: await server.log(id), code: 0 })
  })

  it('is left by SIGINT also when its memory was cleared in the meantime', async () => {
    const server = shared()
    const id = await server.create('gate')
    const clearing = 'let n = 0; setInterval(() => { gc(); if (++n === 50) console.error("cleared") }, 20).unref()'
    const program = [process.execPath, '--expose-gc', '--import', `data:text/javascript,${encodeURIComponent(clearing)}`, MAIN] as const
    const watch = new Command(server.folder, ['watch', id, '--json'], server.env, { program })
    await watch.says(/"before"/)
    await watch.complains(/cleared/)
    watch.process.kill('SIGINT')
    expect(await watch.exit).toBe(75)
    await server.run(['cancel', id])
  })

  it('is left by SIGINT also while nobody takes its output, and nothing of it is lost', async () => {
    const server = shared()
    const id = await server.create('floods')
    const first = server.begin(['watch', id, '--json'])
    await first.says(/"type":"line"/)
    first.process.stdout.pause()
    await server.sees(id, /"message":"50000"/)
    first.process.kill('SIGINT')
    const [, after = ''] = await first.complains(/^headway: detached; the job goes on. To come back: .* --after (\d+)\n$/)
    first.process.stdout.resume()
    expect(await first.exit).toBe(75)
    expect(Number(after)).toBeLessThan(50_000)
    await server.run(['cancel', id])
    const { stdout } = await server.run(['watch', id, '--json', '--after', after])
    expect(first.stdout + stdout === (await server.log(id))).toBe(true)
  })

  it('ends quietly when nobody reads any more', async () => {
    const server = shared()
    const id = await server.create('gate')
    const script = `${process.execPath} ${MAIN} watch ${id} | head -1; echo "code \${PIPESTATUS[0]}"`
    const shell = new Command(server.folder, ['-c', script], server.env, { program: ['bash'] })
    await shell.says(/before/)
    await server.open()
    await shell.exit
    expect(shell.stdout).toBe('before\ncode 75\n')
    expect(shell.stderr).not.toMatch(/EPIPE|Error/)
  })

  it('shows jobs of any type', async () => {
    const index = pathToFileURL(join(DIST, 'index.js')).href
    const port = await freePort()
    const folder = await workFolder({
      'own.mjs': `
import { defineJob, startHeadway, z } from ${JSON.stringify(index)}
const squares = defineJob({ name: 'squares', input: z.object({}), async run(_input, ctx) {
  await ctx.log('info', 'begin')
  await ctx.log('warn', 'careful')
  for (const n of [1, 2]) {
    await ctx.emit('square', { n, square: n * n })
    await ctx.progress({ done: n, total: 4, message: 'squaring' })
  }
  return { largest: 4 }
} })
await startHeadway({ jobTypes: [squares], flags: { port: '${port}', logLevel: 'silent' } })
`,
    })
    const server = new Command(folder, ['own.mjs'], {}, { program: [process.execPath] })
    await server.says(/listens/)
    const watched = new Command(folder, ['run', 'squares', '--watch'], { PORT: String(port) })
    expect(await watched.exit).toBe(0)
    expect(watched.stdout).toBe('begin\nsquare {"n":1,"square":1}\nsquare {"n":2,"square":4}\n')
    expect(watched.stderr).toMatch(/careful\nheadway: 20%\nheadway: 50%\nheadway: completed/)
  })
})

describe('headway watch and a server that goes away', () => {
  it('goes on when it is back, with no line twice and none missing', async () => {
    const server = await TestServer.start()
    const id = await server.create('gate')
    const watch = server.begin(['watch', id, '--json'])
    await watch.says(/"before"/)
    await server.kill()
    await watch.complains(/headway: the connection is lost; coming back by itself, for 5m 00s\n/)
    await server.start()
    await watch.complains(/headway: connected again\n/)
    await server.open()
    expect(await watch.exit).toBe(0)
    expect(watch.stdout).toBe(await server.log(id))
    expect(watch.stdout).toContain('"type":"recovered"')
  })

  it('gives up after a while, and says how to go on', async () => {
    const server = await TestServer.start()
    const id = await server.create('gate')
    const watch = server.begin(['watch', id, '--give-up-after', '200ms'])
    await watch.says(/before/)
    await server.kill()
    expect(await watch.exit).toBe(69)
    expect(watch.stderr).toMatch(new RegExp(`can't be reached any more\\. To go on later: headway watch ${id} --after \\d+\\n$`))
  })

  it('says so when the key is no longer good', async () => {
    const server = await TestServer.start()
    const id = await server.create('gate')
    const watch = server.begin(['watch', id])
    await watch.says(/before/)
    await server.kill()
    await rm(join(server.folder, 'data'), { recursive: true })
    await server.start({ HEADWAY_ADMIN_KEY: 'another-key' })
    expect(await watch.exit).toBe(1)
    expect(watch.stderr).toContain('There is no such API key.')
    expect(watch.stderr).toContain('The key is the one from data/admin-key.')
  })
})
