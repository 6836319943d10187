import { randomBytes } from 'node:crypto'
import { HeadwayError } from '@headway/core'
import { varyBy } from '../answer-headers.js'
import type { ServerApp, ServerContext } from '../context.js'
import type { ServerKit } from '../kit.js'
import { qualityOfCoding } from './accept-encoding.js'
import { contentPolicy } from './content-policy.js'
import { contentTypeOf } from './content-types.js'
import { NONCE_PLACEHOLDER } from './read-pages.js'
import type { Pages, Representation } from './read-pages.js'

/** In bytes, before they are written as text. */
const NONCE_BYTES = 16

/** Names that have a hash of what is in the file, as bundlers give them: another file has another name. */
const HASHED_NAME = /-[\w-]{8,}\.\w+$/

/** The `index.html`, with a nonce and a policy of its own. */
export function serveIndex(c: ServerContext, kit: ServerKit, pages: Pages): Response {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url')
  return c.html(pages.index.replaceAll(NONCE_PLACEHOLDER, nonce), 200, {
    'Content-Security-Policy': contentPolicy(nonce, new URL(kit.publicUrl(c, '/')).host),
    'Cross-Origin-Opener-Policy': 'same-origin',
  })
}

/** `GET /assets/{name}`: the files that pages load. They are no part of the API and not described there. */
export function mountAssets(app: ServerApp, pages: Pages): void {
  app.get('/assets/:name', (c) => {
    const name = c.req.param('name')
    const representations = pages.assets.get(name)
    if (representations === undefined) throw new HeadwayError('NOT_FOUND', 'The dashboard has no such file. Load it anew.')
    varyBy(c, 'Accept-Encoding')
    const { encoding, bytes, etag } = chosen(representations, c.req.header('accept-encoding'))
    const headers = { ETag: etag, 'Cache-Control': HASHED_NAME.test(name) ? 'public, max-age=31536000, immutable' : 'no-cache' }
    if (isKnown(c.req.header('if-none-match'), etag)) return c.body(null, 304, headers)
    return c.body(bytes, 200, {
      ...headers,
      'Content-Type': contentTypeOf(name),
      'Content-Length': String(bytes.length),
      ...(encoding !== 'identity' && { 'Content-Encoding': encoding }),
    })
  })
}

/** The first that the client takes; the plain one where it takes none. */
function chosen(representations: readonly Representation[], accept: string | undefined): Representation {
  const found = representations.find(({ encoding }) => encoding === 'identity' || qualityOfCoding(accept, encoding) > 0)
  if (found === undefined) throw new Error('A file of the pages has no plain representation.')
  return found
}

/** RFC 9110, 13.1.2: a list of entity tags, compared weakly, or `*`. */
function isKnown(ifNoneMatch: string | undefined, etag: string): boolean {
  return (ifNoneMatch ?? '').split(',').some((known) => ['*', etag, `W/${etag}`].includes(known.trim()))
}
