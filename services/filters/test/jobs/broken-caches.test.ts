import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { start } from '../support/start.js'
import type { Running } from '../support/start.js'

const request = (name: string): unknown => ({
  configuration: { name, sources: [{ source: 'x' }] },
  preFetchedContent: { x: '||x.example^\n' },
})

async function compile(
  server: Running,
  name: string,
): Promise<{ cache: string | null; body: Readonly<Record<string, unknown>>; status: number }> {
  const answer = await server.ask('/compile', { json: request(name) })
  return { status: answer.status, cache: answer.headers.get('x-cache'), body: (await answer.json()) as Record<string, unknown> }
}

/** What a compilation says of the caches. */
async function diagnostics(server: Running, name: string): Promise<unknown[]> {
  const stream = await server.stream('/compile/stream', { json: request(name) })
  await stream.ended
  return stream.events
    .filter(({ event, data }) => event === 'diagnostic' && (data as { category: string }).category === 'cache')
    .map(({ data }) => data)
}

test.each(['results', 'previous'])('without its folder "%s" the service goes on, says so once, and shows no path', async (part) => {
  const server = await start()
  expect((await compile(server, 'A')).status).toBe(200)
  await rm(join(server.folder, 'filters', part), { recursive: true })
  const said = await diagnostics(server, 'A')
  expect(said).toContainEqual(expect.objectContaining({ category: 'cache', severity: 'warn', metadata: { reason: 'ENTRY_BROKEN' } }))
  expect(JSON.stringify(said)).not.toContain(server.folder)
  expect((await compile(server, 'B')).status).toBe(200)
  expect(await compile(server, 'A')).toMatchObject({ status: 200, cache: 'HIT' })
})

test('an entry of which one file is gone is compiled again, and kept again', async () => {
  const server = await start()
  await compile(server, 'A')
  const folder = join(server.folder, 'filters', 'results')
  for (const file of await readdir(folder)) if (file.endsWith('.rules')) await rm(join(folder, file))
  expect(await compile(server, 'A')).toMatchObject({ status: 200, cache: 'MISS' })
  expect(await compile(server, 'A')).toMatchObject({ status: 200, cache: 'HIT' })
})

test('results that cannot be written are given all the same', async () => {
  const server = await start()
  await compile(server, 'A')
  for (const part of ['results', 'previous']) {
    const folder = join(server.folder, 'filters', part)
    await rm(folder, { recursive: true })
    await writeFile(folder, 'in the way')
  }
  const said = await diagnostics(server, 'B')
  expect(said).toMatchObject([{ severity: 'warn' }, { severity: 'warn' }])
  expect(JSON.stringify(said)).not.toContain(server.folder)
  expect(await compile(server, 'B')).toMatchObject({ status: 200, cache: 'MISS' })
})

test('what fails inside the server is told of without its paths', async () => {
  const server = await start()
  const work = join(server.folder, 'filters', 'work')
  await rm(work, { recursive: true })
  await writeFile(work, 'in the way')
  const { status, body } = await compile(server, 'A')
  expect([status, body['code']]).toEqual([500, 'INTERNAL_ERROR'])
  expect(JSON.stringify(body)).not.toContain(server.folder)
})
