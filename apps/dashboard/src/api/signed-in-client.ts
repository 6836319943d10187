import { createClient } from '@headway/client'
import type { HeadwayClient } from '@headway/client'
import type { Session } from '../session/session.js'
import { baseUrl } from './base-url.js'

/**
 * The client of whoever is signed in. It ends with the key, not with what shows it: components come and go.
 *
 * @returns gives the client for a key: the same one until another key comes
 */
export function signedInClient(session: Session): (apiKey: string) => HeadwayClient {
  let current: { readonly apiKey: string; readonly client: HeadwayClient } | undefined
  session.subscribe(() => {
    if (current === undefined || current.apiKey === session.state().apiKey) return
    current.client.close()
    current = undefined
  })
  return (apiKey) => {
    current ??= { apiKey, client: createClient({ baseUrl: baseUrl(), apiKey, fetch: noticing401(session, apiKey) }) }
    return current.client
  }
}

/** Leads back to the sign-in when the server does not accept the key any more. */
function noticing401(session: Session, apiKey: string): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init)
    if (response.status === 401) session.refuse(apiKey)
    return response
  }
}
