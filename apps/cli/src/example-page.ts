import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { addRoute } from '@headway/server'
import type { Service } from '@headway/server'

const PATH = '/examples/sse-client-example.html'
/** In a checkout of the project. A package of the command has no examples. */
const FILE = new URL(`../../..${PATH}`, import.meta.url)

/** Serves the example page of the tasks API, so that it can be tried without another web server. None where its file is absent. */
export function examplePage(): Service[] {
  const page = readPage()
  if (page === undefined) return []
  // The page may run what is in it and nothing else, and ask any API that is typed in.
  const policy = [
    "default-src 'none'",
    `script-src ${hashesOf(page, 'script')}`,
    `style-src ${hashesOf(page, 'style')}`,
    'connect-src *',
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
  const service: Service = {
    name: 'examples',
    jobTypes: [],
    paths: ['/examples'],
    mount(app, kit) {
      addRoute(
        app,
        {
          method: 'get',
          path: PATH,
          tags: ['Examples'],
          summary: 'A page that starts tasks and watches them',
          access: 'public',
          responses: { 200: { description: 'The page', content: { 'text/html': undefined } } },
        },
        kit.rateLimit('api'),
        (c) => c.html(page, 200, { 'Content-Security-Policy': policy }),
      )
    },
    tags: [{ name: 'Examples', description: 'Pages to try the API with' }],
  }
  return [service]
}

function readPage(): string | undefined {
  try {
    return readFileSync(FILE, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Of the contents of all elements of a kind, as a content security policy names them. */
function hashesOf(page: string, element: 'script' | 'style'): string {
  const contents = page.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))
  return [...contents].map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ')
}
