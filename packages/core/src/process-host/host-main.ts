import { Socket } from 'node:net'
import { Host } from './host/host.js'

// A signal that a service manager or a terminal sends to all processes of a server is for the server: it decides, and
// when it is gone the control pipe says so. Until then the programs keep their keeper.
for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => undefined)

const control = new Socket({ fd: 0, readable: true, writable: false })
const toServer = new Socket({ fd: 1, readable: false, writable: true })
await new Host(toServer).serve(control)
process.exit()
