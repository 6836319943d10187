import { createContext, useContext } from 'react'
import type { ReactElement, ReactNode } from 'react'
import type { HeadwayClient } from '../create-client.js'

const Context = createContext<HeadwayClient | undefined>(undefined)

/** Gives the hooks below it their client. */
export function HeadwayProvider({ client, children }: { readonly client: HeadwayClient; readonly children?: ReactNode }): ReactElement {
  return <Context.Provider value={client}>{children}</Context.Provider>
}

/** The client of the page. @throws Error outside of a {@link HeadwayProvider} */
export function useHeadway(): HeadwayClient {
  const client = useContext(Context)
  if (!client) throw new Error('There is no client here: put <HeadwayProvider client={createClient(...)}> around the page.')
  return client
}
