import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { PostgresOptions } from '@headway/store-postgres'
import S3rver from 's3rver'
import { onTestFinished, vi } from 'vitest'

const NAME = 'blobs'

/** What the stand-in stores of an object; the rest are notes about it. */
const CONTENT = /\._S3rver_object$/

export interface TestBucket {
  readonly options: NonNullable<PostgresOptions['bucket']>
  /** The names of all objects. */
  objects(): string[]
  /** The connection breaks in the middle of the answer to the next request of this method. */
  cutNext(method: string): void
  /** Requests of this method are refused from now on; undefined: none are. */
  refuse(method: string | undefined): void
}

/** A bucket of a stand-in for S3, behind a proxy that can spoil requests. */
export async function startBucket(): Promise<TestBucket> {
  const directory = mkdtempSync(join(tmpdir(), 'headway-bucket-'))
  const store = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name: NAME, configs: [] }] })
  const { port } = await store.run()
  let cut: string | undefined
  let refused: string | undefined
  const proxy = createServer((from, to) => {
    if (from.method === refused) {
      from.resume()
      from.on('end', () => to.writeHead(403, { 'content-type': 'application/xml' }).end('<Error><Code>AccessDenied</Code></Error>'))
      return
    }
    const isCut = from.method === cut
    if (isCut) cut = undefined
    const on = request({ host: '127.0.0.1', port, method: from.method, path: from.url, headers: from.headers }, (answer) => {
      to.writeHead(answer.statusCode ?? 502, answer.headers)
      if (isCut) answer.once('data', (bytes: Buffer) => to.write(bytes.subarray(0, 1), () => to.destroy()))
      else answer.pipe(to)
    })
    on.on('error', () => to.destroy())
    from.pipe(on)
  })
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'S3RVER')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'S3RVER')
  onTestFinished(async () => {
    vi.unstubAllEnvs()
    proxy.closeAllConnections()
    proxy.close()
    await store.close()
    rmSync(directory, { recursive: true, force: true })
  })
  const folder = join(directory, NAME)
  return {
    options: { bucket: NAME, endpoint: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, forcePathStyle: true },
    objects: () =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && CONTENT.test(entry.name))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name.replace(CONTENT, '')))),
    cutNext: (method) => void (cut = method),
    refuse: (method) => void (refused = method),
  }
}
