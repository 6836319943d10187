import { createServer } from 'node:http'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileOf, ORIGIN } from './served-case.mjs'

/**
 * Gives the files of one case at a time: in a folder, and by HTTP on this machine.
 *
 * @returns `place(case)` puts them there and gives the folder; `close()` ends
 * @throws {Error} when the port is taken
 */
export async function serveCases() {
  const folder = mkdtempSync(join(tmpdir(), 'headway-compare-'))
  let current = { files: {} }
  const server = createServer(({ url }, response) => {
    const bytes = fileOf(current, `${ORIGIN}${decodeURI(url)}`)
    response.writeHead(bytes === undefined ? 404 : 200, { 'Content-Type': 'text/plain; charset=utf-8' }).end(bytes)
  })
  server.listen(Number(new URL(ORIGIN).port), '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`The cases can't be served at ${ORIGIN} (${error.code}). Set COMPARE_PORT to a port that is free.`, { cause: error })
  }
  const work = join(folder, 'case')
  return {
    place(one) {
      current = one
      rmSync(work, { recursive: true, force: true })
      mkdirSync(work)
      for (const [path, text] of Object.entries(one.files)) {
        mkdirSync(dirname(join(work, path)), { recursive: true })
        writeFileSync(join(work, path), text)
      }
      return work
    },
    close() {
      server.closeAllConnections()
      server.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
