/** What became of a key that was tried: why it does not do, in words; undefined where it does. */
export async function checkKey(baseUrl: string, apiKey: string): Promise<string | undefined> {
  let response: Response
  try {
    response = await fetch(new URL('jobs?limit=1', baseUrl), { headers: { Accept: 'application/json', 'X-API-Key': apiKey } })
  } catch {
    return 'The server does not answer. Is it running?'
  }
  if (response.ok) return undefined
  if (response.status === 401) return 'The server does not know this key.'
  if (response.status === 403) return 'This key may not read jobs: it needs the role read, or this address is not allowed.'
  if (response.status === 429) return `Too many tries. Wait ${response.headers.get('retry-after') ?? 'some'} seconds.`
  return `The server answered ${response.status}. Try again in a moment.`
}
