import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { HeadwayError } from '@headway/core'
import { addRoute } from '@headway/server'
import type { ServerApp, ServerContext, ServerKit } from '@headway/server'
import { z } from 'zod'

const TEST_PAGE_PATH = '/websocket-test.html'
/** Its style and its scripts. */
const FILES_PATH = '/websocket-test/{file}'

/** What is written by hand, and what is compiled from `page/src`. */
const PAGE_FOLDER = new URL('../../page/', import.meta.url)
const SCRIPTS_FOLDER = new URL('../page/', import.meta.url)

interface PageFile {
  readonly text: string
  readonly contentType: string
  readonly etag: string
}

const fileSchema = z.object({ file: z.string().describe('Name of a file of the page') })

/** Adds the page on which `/ws/compile` can be tried: `/websocket-test.html` with its files, which no other host serves. */
export function mountTestPage(app: ServerApp, kit: ServerKit): void {
  const page = pageFile(new URL('websocket-test.html', PAGE_FOLDER), 'text/html; charset=utf-8')
  const files = readFiles()
  addRoute(
    app,
    {
      method: 'get',
      path: TEST_PAGE_PATH,
      tags: ['Filters'],
      summary: 'A page to try the WebSocket with',
      access: 'public',
      responses: { 200: { description: 'The page', content: { 'text/html': undefined } } },
    },
    kit.rateLimit('api'),
    (c) => answer(c, page, { 'Content-Security-Policy': policyFor(c) }),
  )
  addRoute(
    app,
    {
      method: 'get',
      path: FILES_PATH,
      tags: ['Filters'],
      summary: 'A style sheet or a script of that page',
      access: 'public',
      params: fileSchema,
      responses: { 200: { description: 'The file', content: { 'text/javascript': undefined, 'text/css': undefined } } },
      errors: ['NOT_FOUND'],
    },
    kit.rateLimit('api'),
    (c) => {
      const file = files.get(c.req.param('file') ?? '')
      if (file === undefined) throw new HeadwayError('NOT_FOUND', 'The page has no such file.')
      return answer(c, file)
    },
  )
}

function readFiles(): ReadonlyMap<string, PageFile> {
  return new Map([...filesOf(PAGE_FOLDER, '.css', 'text/css'), ...filesOf(SCRIPTS_FOLDER, '.js', 'text/javascript')])
}

function filesOf(folder: URL, ending: string, contentType: string): [string, PageFile][] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending))
  return names.map((name) => [name, pageFile(new URL(name, folder), `${contentType}; charset=utf-8`)])
}

function pageFile(url: URL, contentType: string): PageFile {
  const text = readFileSync(url, 'utf8')
  return { text, contentType, etag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
}

/** The page runs its own scripts and speaks with its own server, and nothing else. */
function policyFor(c: ServerContext): string {
  const { host } = new URL(c.var.client.origin)
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    'img-src data:',
    // By name as well: not every browser takes 'self' for its sockets, and a proxy may have taken TLS off.
    `connect-src 'self' ws://${host} wss://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}

function answer(c: ServerContext, file: PageFile, more: Readonly<Record<string, string>> = {}): Response {
  const headers = { 'Cache-Control': 'no-cache', ETag: file.etag, ...more }
  if (c.req.header('if-none-match') === file.etag) return c.body(null, 304, headers)
  return c.body(file.text, 200, { ...headers, 'Content-Type': file.contentType })
}
