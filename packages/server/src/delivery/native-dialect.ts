import type { Dialect } from './dialect.js'

/** The native dialect: every event is one message, its JSON line as it is stored, without a name. */
export const nativeDialect: Dialect = {
  name: 'native',
  encode: (event) => [{ body: event.line }],
  reset: (reset) => [{ body: JSON.stringify(reset) }],
}
