import { expect, test } from 'vitest'
import { operationsOf } from './support/documents.js'
import { startDescribedServer } from './support/described-server.js'

test('every route and every socket that the server has is described, and nothing else', async () => {
  const { server, openApi, socketPaths } = await startDescribedServer()
  const routes = server.app.routes
    // Middleware is registered for all methods: it is not a route.
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
  const described = operationsOf(openApi).map(({ method, path }) => `${method.toUpperCase()} ${path}`)
  expect(described.toSorted()).toEqual([...new Set([...routes, ...socketPaths.map((path) => `GET ${path}`)])].toSorted())
})

test('a socket asked without an upgrade answers as described', async () => {
  const { ask, socketPaths } = await startDescribedServer()
  for (const path of socketPaths) expect((await ask(path)).status).toBe(426)
})

test('the descriptions name the server as its client reached it', async () => {
  const { url, openApi, ask } = await startDescribedServer()
  expect(openApi).toMatchObject({ servers: [{ url }] })
  expect((await ask('/docs/api/openapi.yaml')).text).toContain(`servers:\n  - url: ${url}\n`)
  expect((await ask('/docs/api/asyncapi.yaml')).text).toContain(`host: ${new URL(url).host}\n`)
})
