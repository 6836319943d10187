import { z } from 'zod'
import { createJsonClient, type HttpSettings } from '../http/json-client.js'
import { nonsense } from '../provider-error.js'
import type { EmbeddingProvider } from './embedding-provider.js'

/** How the Gemini API is asked for embeddings. */
export interface GoogleEmbeddingsOptions extends HttpSettings {
  readonly key: string
  /** Default https://generativelanguage.googleapis.com. */
  readonly baseUrl?: string
  /** Default gemini-embedding-001. */
  readonly model?: string
}

const NAME = 'embeddings (Google)'
const answerSchema = z.object({ embeddings: z.array(z.object({ values: z.array(z.number()) })) })

/** Embeddings by `batchEmbedContents`. @see https://ai.google.dev/api/embeddings @throws TypeError when the base is no URL */
export function createGoogleEmbeddings(options: GoogleEmbeddingsOptions): EmbeddingProvider {
  const { key, baseUrl = 'https://generativelanguage.googleapis.com', model = 'gemini-embedding-001', ...http } = options
  const client = createJsonClient({ ...http, name: NAME, baseUrl, headers: { 'x-goog-api-key': key } })
  return {
    async embed(texts, signal) {
      if (texts.length === 0) return []
      const name = `models/${model}`
      const requests = texts.map((text) => ({ model: name, content: { parts: [{ text }] }, taskType: 'SEMANTIC_SIMILARITY' }))
      const path = `v1beta/${name}:batchEmbedContents`
      const { data } = answerSchema.safeParse(await client.ask({ path, body: { requests } }, signal))
      if (data?.embeddings.length !== texts.length) throw nonsense(NAME, 'something else than one vector for each text')
      return data.embeddings.map(({ values }) => values)
    },
    close: () => client.close(),
  }
}
