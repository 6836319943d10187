import { z } from 'zod'
import { createJsonClient, type HttpSettings } from '../http/json-client.js'
import { nonsense } from '../provider-error.js'
import type { EmbeddingProvider } from './embedding-provider.js'

/** How a server is asked that speaks the embeddings API of OpenAI, as many do. */
export interface OpenAiEmbeddingsOptions extends HttpSettings {
  /** Up to and with the version: default https://api.openai.com/v1. */
  readonly baseUrl?: string
  /** Servers of one's own need none. */
  readonly key?: string
  /** Default text-embedding-3-small. */
  readonly model?: string
}

const NAME = 'embeddings (OpenAI)'
const answerSchema = z.object({ data: z.array(z.object({ index: z.int().nonnegative(), embedding: z.array(z.number()) })) })

/** Embeddings by `POST /embeddings`. @see https://platform.openai.com/docs/api-reference/embeddings @throws TypeError when the base is no URL */
export function createOpenAiEmbeddings(options: OpenAiEmbeddingsOptions = {}): EmbeddingProvider {
  const { baseUrl = 'https://api.openai.com/v1', key, model = 'text-embedding-3-small', ...http } = options
  const headers = key === undefined ? {} : { authorization: `Bearer ${key}` }
  const client = createJsonClient({ ...http, name: NAME, baseUrl, headers })
  return {
    async embed(texts, signal) {
      if (texts.length === 0) return []
      const body = { model, input: texts, encoding_format: 'float' }
      const { data } = answerSchema.safeParse(await client.ask({ path: 'embeddings', body }, signal))
      const vectors = data?.data.toSorted((a, b) => a.index - b.index).map(({ embedding }) => embedding)
      if (vectors?.length !== texts.length) throw nonsense(NAME, 'something else than one vector for each text')
      return vectors
    },
    close: () => client.close(),
  }
}
