import { createContext, useContext } from 'react'
import type { Server } from './server.js'

export const ServerContext = createContext<Server | undefined>(undefined)

/** @throws Error outside of what is shown to whoever is signed in */
export function useServer(): Server {
  const server = useContext(ServerContext)
  if (server === undefined) throw new Error('Nobody is signed in.')
  return server
}
