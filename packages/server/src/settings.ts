/** For whoever reads settings: what they are checked with, without loading a server (`@headway/server/settings`). */
export { ROLES } from './auth/principal.js'
export { originList } from './middleware/cors.js'
export { parseAddressSet, withoutNames } from './net/addresses.js'
