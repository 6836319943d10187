import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Transform } from 'node:stream'
import S3rver from 's3rver'
import { onTestFinished } from 'vitest'
import { newFolder, newTree } from './programs.js'

export const BUCKET = 'cdn'

/** Files of each platform in a tree for a bucket: each one costs the stand-in a few requests, and more show no more. */
export const FILES = 15

/** A tree of the versions v884 and v885, with {@link FILES} files for each platform, which the test may change. */
export const treeForBucket = (): Promise<string> => newTree('--files', String(6 * FILES))

/**
 * What happens to a request: it goes on, gets this status or this answer, or none; `garble`: a byte of what is sent is changed; `cut`: the
 * connection breaks in the middle of the answer's content; `unmeasured`: the answer does not say how long it is.
 */
export type Fate = 'pass' | 403 | 412 | 500 | 'hang' | 'garble' | 'cut' | 'unmeasured' | { readonly xml: string }

const CODES = { 403: 'AccessDenied', 412: 'PreconditionFailed', 500: 'InternalError' } as const

export interface Bucket {
  /** The environment of programs that reach it. */
  readonly env: NodeJS.ProcessEnv
  /** The folder where the stand-in keeps its objects. */
  readonly folder: string
  /** Every request, as method and path with query. */
  readonly requests: readonly string[]
  /** Says what happens to requests from now on. */
  meddle(fate: (request: string) => Fate): void
}

/** Changes the first byte of what flows through. */
function garbling(): Transform {
  let isBegin = true
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      if (isBegin) bytes[0] = (bytes[0] ?? 0) ^ 1
      isBegin = false
      done(null, bytes)
    },
  })
}

/** A store that speaks the protocol of S3, with one empty bucket, behind a proxy that can spoil requests. */
export async function startBucket(): Promise<Bucket> {
  const directory = newFolder()
  const options = { address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: BUCKET, configs: [] }] }
  const store = new S3rver(options)
  const { port } = await store.run()
  const requests: string[] = []
  let fateOf: (request: string) => Fate = () => 'pass'
  const proxy = createServer((from, to) => {
    const line = `${from.method} ${decodeURIComponent(from.url ?? '')}`
    requests.push(line)
    const fate = fateOf(line)
    if (fate === 'hang') return
    if (typeof fate !== 'string') {
      const [status, xml] =
        typeof fate === 'number' ? [fate, `<Error><Code>${CODES[fate]}</Code><Message>No</Message></Error>`] : [200, fate.xml]
      from.resume()
      from.on('end', () => to.writeHead(status, { 'content-type': 'application/xml' }).end(xml))
      return
    }
    const on = request(
      { host: '127.0.0.1', port, method: from.method, path: from.url, headers: from.headers },
      (answer: IncomingMessage) => {
        if (fate === 'unmeasured') delete answer.headers['content-length']
        to.writeHead(answer.statusCode ?? 502, answer.headers)
        if (fate === 'cut') answer.once('data', (bytes: Buffer) => to.write(bytes.subarray(0, 1), () => to.destroy()))
        else answer.pipe(to)
      },
    )
    on.on('error', () => to.destroy())
    if (fate === 'garble') from.pipe(garbling()).pipe(on)
    else from.pipe(on)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(async () => {
    proxy.closeAllConnections()
    proxy.close()
    await store.close()
  })
  return {
    env: {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
    },
    folder: `${directory}/${BUCKET}`,
    requests,
    meddle: (fate) => void (fateOf = fate),
  }
}
