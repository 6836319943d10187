import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemOf } from './support/answers.js'
import { rawBytes, rawRequest } from './support/raw.js'
import { startServer } from './support/start.js'
import type { TestServer } from './support/start.js'

const SCRIPT = 'console.log("pages")\n'.repeat(50)
const INDEX =
  '<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><script type="module" src="./assets/index-Ab3_-9xZ.js"></script>'
const HTML = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

let folder: string
let server: TestServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headway-pages-'))
  await mkdir(join(folder, 'assets', 'nested'), { recursive: true })
  await Promise.all([
    writeFile(join(folder, 'index.html'), INDEX),
    writeFile(join(folder, 'secret.txt'), 'not for anybody'),
    writeFile(join(folder, 'assets', 'index-Ab3_-9xZ.js'), SCRIPT),
    writeFile(join(folder, 'assets', 'index-Ab3_-9xZ.js.br'), brotliCompressSync(SCRIPT)),
    writeFile(join(folder, 'assets', 'index-Ab3_-9xZ.js.gz'), gzipSync(SCRIPT)),
    writeFile(join(folder, 'assets', 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>'),
    writeFile(join(folder, 'assets', 'nested', 'x.js'), 'no'),
  ])
  server = await startServer({ pages: { folder } })
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

describe('the page at /', () => {
  it('goes to people, with a nonce and a strict policy that are new each time, and is not kept', async () => {
    const policies = new Set<string>()
    for (let time = 0; time < 2; time += 1) {
      const answer = await fetch(`${server.url}/`, { headers: HTML })
      const page = await answer.text()
      const nonce = /content="([\w-]{22})"/.exec(page)?.[1]
      expect(nonce).toBeDefined()
      expect(page).toBe(INDEX.replace('__CSP_NONCE__', nonce ?? ''))
      const { host } = new URL(server.url)
      expect(answer.headers.get('content-security-policy')).toBe(
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; connect-src 'self' ws://${host} wss://${host}; ` +
          "img-src 'self' data: blob: https:; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      )
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/html; charset=UTF-8',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      })
      expect(answer.headers.get('vary')).toMatch(/\bAccept\b/)
      policies.add(answer.headers.get('content-security-policy') ?? '')
    }
    expect(policies.size).toBe(2)
  })

  it('stays what it is for programs', async () => {
    for (const accept of ['application/json', '*/*']) {
      expect(await (await fetch(`${server.url}/`, { headers: { accept } })).json()).toMatchObject({ name: 'Headway' })
    }
  })

  it('is named in the policy by the host that clients know', async () => {
    const behind = await startServer({ pages: { folder }, publicUrl: 'https://jobs.example:8443/headway' })
    const answer = await fetch(`${behind.url}/`, { headers: HTML })
    expect(answer.headers.get('content-security-policy')).toContain(' wss://jobs.example:8443;')
    await behind.stop()
  })
})

describe('what the page loads', () => {
  const script = '/assets/index-Ab3_-9xZ.js'
  const get = (headers: Record<string, string>, method = 'GET'): ReturnType<typeof rawRequest> =>
    rawRequest(server.url + script, { headers, method })

  it('is packed as the client likes it, and kept for ever where its name has a hash', async () => {
    for (const [accept, encoding, size] of [
      ['gzip, deflate, br', 'br', brotliCompressSync(SCRIPT).length],
      ['gzip;q=0.5, br;q=0', 'gzip', gzipSync(SCRIPT).length],
      ['*', 'br', brotliCompressSync(SCRIPT).length],
      ['identity', undefined, SCRIPT.length],
    ] as const) {
      const answer = await get({ 'accept-encoding': accept })
      expect(answer.status).toBe(200)
      expect(answer.headers).toMatchObject({
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'public, max-age=31536000, immutable',
        'content-length': String(size),
      })
      expect(answer.headers['content-encoding']).toBe(encoding)
      expect(answer.headers.vary).toContain('Accept-Encoding')
    }
    const plain = await get({})
    expect(plain.body).toBe(SCRIPT)
    expect(await (await fetch(server.url + script)).text()).toBe(SCRIPT)
  })

  it('has an entity tag for each packing, and no body where the client has it', async () => {
    const [packed, plain] = [await get({ 'accept-encoding': 'br' }), await get({})]
    expect(packed.headers.etag).not.toBe(plain.headers.etag)
    for (const known of [`${packed.headers.etag}`, `"other", W/${packed.headers.etag}`, '*']) {
      const again = await get({ 'accept-encoding': 'br', 'if-none-match': known })
      expect([again.status, again.body, again.headers.etag]).toEqual([304, '', packed.headers.etag])
      expect(again.headers['cache-control']).toContain('immutable')
    }
    expect((await get({ 'if-none-match': `${packed.headers.etag}` })).status).toBe(200)
  })

  it('answers HEAD without a body, and no other method', async () => {
    const head = await get({}, 'HEAD')
    expect([head.status, head.body, head.headers['content-length']]).toEqual([200, '', String(SCRIPT.length)])
    const post = await get({}, 'POST')
    expect([post.status, post.headers.allow]).toEqual([405, 'GET, HEAD, OPTIONS'])
    const icon = await fetch(`${server.url}/assets/icon.svg`)
    expect([icon.headers.get('content-type'), icon.headers.get('cache-control')]).toEqual(['image/svg+xml', 'no-cache'])
  })

  it('is nothing else of the machine', async () => {
    for (const path of [
      '/assets/../secret.txt',
      '/assets/..%2fsecret.txt',
      '/assets/%2e%2e%2fsecret.txt',
      '/assets/..%5csecret.txt',
      '/assets/nested/x.js',
      '/assets/nested%2fx.js',
      '/assets/nested',
      '/assets/',
      '/assets/%00',
      '/assets/__proto__',
      '/assets/index-Ab3_-9xZ.js.br',
      '/assets/%ff',
      '/secret.txt',
      '/index.html',
    ]) {
      const answer = await rawBytes(server.url, `GET ${path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n`)
      expect([path, answer.split('\r\n')[0]]).toEqual([path, 'HTTP/1.1 404 Not Found'])
      expect(answer).toContain('"code":"NOT_FOUND"')
    }
    await problemOf(await fetch(`${server.url}/assets/gone.js`))
  })
})

it('a folder without pages, or with far too much in it, is told in the log and keeps no server from its work', async () => {
  const huge = join(folder, 'huge')
  await mkdir(join(huge, 'assets'), { recursive: true })
  await writeFile(join(huge, 'index.html'), INDEX)
  await writeFile(join(huge, 'assets', 'huge.js'), '')
  await truncate(join(huge, 'assets', 'huge.js'), 33 * 1024 * 1024)
  for (const [broken, why] of [
    [join(folder, 'assets'), /ENOENT.*index\.html/],
    [huge, /more than 33554432 bytes.*build/i],
  ] as const) {
    const lines: string[] = []
    const log = pino({ level: 'error' }, { write: (line) => void lines.push(line) })
    const without = await startServer({ log, pages: { folder: broken } })
    expect((await fetch(`${without.url}/`, { headers: HTML })).status).toBe(200)
    expect((await fetch(`${without.url}/assets/huge.js`)).status).toBe(404)
    expect(lines.join('')).toMatch(why)
    await without.stop()
  }
})

it('a host that has no form of one is not in the policy', async () => {
  const answer = await rawBytes(server.url, 'GET / HTTP/1.1\r\nhost: a;b,c\r\naccept: text/html\r\nconnection: close\r\n\r\n')
  expect(answer).not.toContain('a;b,c')
})
