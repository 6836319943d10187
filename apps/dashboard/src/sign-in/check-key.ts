import { createClient, HeadwayClientError } from '@headway/client'

/** What became of a key that was tried: why it does not do, in words; undefined where it does. */
export async function checkKey(baseUrl: string, apiKey: string): Promise<string | undefined> {
  const client = createClient({ baseUrl, apiKey, shareTabs: false })
  try {
    await client.jobs.list({ limit: 1 })
    return undefined
  } catch (error) {
    return error instanceof HeadwayClientError ? inWords(error) : String(error)
  } finally {
    client.close()
  }
}

function inWords({ status, message, retryAfterMs }: HeadwayClientError): string {
  if (status === undefined) return 'The server does not answer. Is it running?'
  if (status === 401) return 'The server does not know this key.'
  if (status === 403) return `With this key jobs can not be read. ${message}`
  if (status === 429) return `Too many tries. Wait ${Math.ceil((retryAfterMs ?? 60_000) / 1000)} seconds.`
  return message
}
