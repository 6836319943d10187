import { asyncApiDocument, asyncApiServers } from '../asyncapi/document.js'
import type { ServerApp } from '../context.js'
import { eventsChannel, followChannel, socketChannel } from '../native/channels.js'
import { EVENTS_TAG, JOBS_TAG, SYSTEM_TAG } from '../native/tags.js'
import type { Service } from '../service.js'
import { describedRoutes } from './add-route.js'
import { openApiDocument } from './document.js'
import type { ApiDocument, ApiParts } from './document.js'
import { writeYaml } from './yaml.js'

/** The descriptions of a server's API, for clients that reach it at `url` (without a slash at the end). */
export interface ApiDescriptions {
  openApi(url: string): Promise<ApiDocument>
  openApiYaml(url: string): Promise<string>
  asyncApiYaml(url: string): Promise<string>
}

/** Made once, when they are first asked for: by then every service has its routes. */
export function apiDescriptions(app: ServerApp, services: readonly Service[], version: string): ApiDescriptions {
  const parts = (): ApiParts => ({
    version,
    tags: [JOBS_TAG, EVENTS_TAG, ...services.flatMap(({ tags = [] }) => tags), SYSTEM_TAG],
    routes: describedRoutes(app),
    channels: [eventsChannel, socketChannel, followChannel, ...services.flatMap(({ channels = [] }) => channels)],
  })
  const openApi = once(() => openApiDocument(parts()))
  const openApiYaml = once(async () => writeYaml(withoutHead(await openApi())))
  const asyncApi = once(() => asyncApiDocument(parts()))
  const asyncApiYaml = once(async () => writeYaml(withoutHead(await asyncApi())))
  const openApiHead = async (url: string): Promise<ApiDocument> => {
    const { openapi, info } = await openApi()
    return { openapi, info, servers: [{ url }] }
  }
  return {
    openApi: async (url) => ({ ...(await openApiHead(url)), ...withoutHead(await openApi()) }),
    openApiYaml: async (url) => (await writeYaml(await openApiHead(url))) + (await openApiYaml()),
    async asyncApiYaml(url) {
      const { asyncapi, info } = await asyncApi()
      return (await writeYaml({ asyncapi, info, servers: asyncApiServers(url) })) + (await asyncApiYaml())
    },
  }
}

/** All but what stands before the servers, which each client sees by another name. */
function withoutHead({ openapi: _openapi, asyncapi: _asyncapi, info: _info, ...rest }: ApiDocument): ApiDocument {
  return rest
}

/** A promise that failed is not kept: the next one who asks tries again. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined
      throw error
    }))
}
