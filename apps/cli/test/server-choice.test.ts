import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from '../src/demo/free-port.js'
import { run, workFolder } from './support/command.js'
import { serverForTests, TestServer } from './support/server.js'

/** Makes loading any of the server's parts fail. */
const NO_SERVER_PARTS = `
import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent(\`
export async function resolve(name, context, next) {
  const found = await next(name, context)
  if (/hono|sqlite|pino|prom-client|dist.start-headway/.test(found.url)) throw new Error('loaded ' + found.url)
  return found
}\`))
`

describe('which server and key', () => {
  const shared = serverForTests({ 'hook.mjs': NO_SERVER_PARTS })

  it('are those of this folder, by its settings', async () => {
    const server = shared()
    await writeFile(join(server.folder, 'headway.config.yaml'), `port: ${server.port}\n`)
    expect(await run(server.folder, ['jobs'])).toMatchObject({ code: 0 })
    // HEADWAY_ADMIN_KEY is what a server here would take.
    const wrong = await server.run(['jobs'], { HEADWAY_ADMIN_KEY: 'not-the-key' })
    expect(wrong).toMatchObject({ code: 1, stderr: 'headway: There is no such API key.\nThe key is the one from HEADWAY_ADMIN_KEY.\n' })
  })

  it('are those that are named, from anywhere', async () => {
    const server = shared()
    const key = await readFile(join(server.folder, 'data', 'admin-key'), 'utf8')
    const elsewhere = await workFolder({ 'my.key': key })
    expect(await run(elsewhere, ['jobs', '--url', server.url, '--key-file', 'my.key'])).toMatchObject({ code: 0 })
    expect(await run(elsewhere, ['jobs'], { HEADWAY_URL: `${server.url}/`, HEADWAY_API_KEY: key.trim() })).toMatchObject({ code: 0 })
    // A flag wins.
    const flags = ['jobs', '--url', server.url, '--key-file', 'my.key']
    expect(await run(elsewhere, flags, { HEADWAY_URL: 'http://127.0.0.1:9', HEADWAY_API_KEY: 'bad' })).toMatchObject({ code: 0 })
    const created = await run(elsewhere, ['run', 'hello', ...flags.slice(1)])
    expect(created.stderr).toBe(`headway: To see it: headway watch ${created.stdout.trim()} --url ${server.url} --key-file my.key\n`)
  })

  it('must be good for what is asked', async () => {
    const server = await TestServer.start({}, { HEADWAY_API_KEYS: 'board:read:a-key-of-the-board' })
    const bad = await server.run(['jobs'], { HEADWAY_API_KEY: 'no-such-key' })
    expect(bad).toMatchObject({ code: 1, stderr: 'headway: There is no such API key.\nThe key is the one from HEADWAY_API_KEY.\n' })
    const weak = await server.run(['run', 'hello'], { HEADWAY_API_KEY: 'a-key-of-the-board' })
    expect(weak.code).toBe(1)
    expect(weak.stderr).toContain('needs an API key with the role "run"')
    expect(weak.stderr + bad.stderr).not.toMatch(/a-key-of|no-such-key/)
  })

  it.each([
    ['no key', [], {}, 2, 'There is no API key. Set HEADWAY_API_KEY'],
    ['no key file', ['--key-file', 'nowhere'], {}, 2, "The key file nowhere can't be read: ENOENT"],
    ['a file that holds no key', ['--key-file', 'tasks.yaml'], {}, 2, 'tasks.yaml holds no API key'],
    ['another machine and no key for it', ['--url', 'https://headway.example'], {}, 2, 'There is no API key.'],
    ['no URL', ['--url', 'localhost:3000'], {}, 2, '"localhost:3000" is no URL of a server'],
    ['a password in the URL', ['--url', 'http://me:secret@127.0.0.1'], {}, 2, "name and a password can't be used"],
    ['nothing there', ['--url', 'http://127.0.0.1:9'], { HEADWAY_API_KEY: 'some-key' }, 69, "can't be reached"],
  ])('with %s: told in a sentence', async (_name, flags, env, code, message) => {
    const done = await run(await workFolder(), ['jobs', ...flags], env)
    expect(done).toMatchObject({ code, stdout: '' })
    expect(done.stderr).toContain(message)
    expect(done.stderr).not.toMatch(/^ +at |secret/m)
  })

  it('nobody listening is exit code 69, for each command', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const env = { HEADWAY_URL: url, HEADWAY_API_KEY: 'some-key' }
    const folder = await workFolder()
    for (const args of [
      ['run', 'hello', '--watch'],
      ['watch', 'abcdef'],
      ['cancel', 'abcdef'],
      ['retry', 'abcdef'],
      ['token', 'abcdef'],
    ]) {
      const { code, stderr } = await run(folder, args, env)
      expect({ code, stderr }).toEqual({
        code: 69,
        stderr: expect.stringContaining(`${url}/ can't be reached: nothing listens there`) as string,
      })
    }
  })

  it('a key is not sent on to where an answer points', async () => {
    const seen: string[] = []
    const server = createServer((request, response) => {
      seen.push(request.url ?? '')
      response.writeHead(307, { location: '/elsewhere' }).end()
    }).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const env = { HEADWAY_URL: `http://127.0.0.1:${port}`, HEADWAY_API_KEY: 'some-key' }
    expect((await run(await workFolder(), ['jobs'], env)).code).toBe(69)
    expect(new Set(seen)).toEqual(new Set(['/jobs?limit=20']))
  })

  it('something else that answers is said to be something else', async () => {
    const server = createServer((_request, response) => response.end('<h1>hello</h1>')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const { code, stderr } = await run(await workFolder(), ['jobs'], {
      HEADWAY_URL: `http://127.0.0.1:${port}`,
      HEADWAY_API_KEY: 'some-key',
    })
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining('is no Headway server') as string })
  })

  it('none of the server is loaded for them', async () => {
    const server = shared()
    const env = { NODE_OPTIONS: '--import ./hook.mjs' }
    expect(await server.run(['run', 'hello', '--watch'], env)).toMatchObject({ code: 0, stdout: 'hello you\n' })
    expect(await server.run(['jobs'], env)).toMatchObject({ code: 0 })
    expect((await server.run(['serve', '--port', '0'], env)).code).toBe(1)
  })
})
