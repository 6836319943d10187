import { HeadwayClientError } from './errors.js'
import type { ClientOptions } from './types.js'

/** A credential as it was shown. Who was refused with it gives it back, so that it is refreshed once for all. */
export type Shown = Promise<string | undefined>

/** The key or token of a client. */
export interface Credentials {
  readonly isKey: boolean
  /** The header that shows it, and its value. */
  header(credential: string): [name: string, value: string]
  show(): Shown
  /** @returns whether there is another credential than the one that was refused */
  refresh(refused: Shown | undefined): boolean
}

/** Asks for a credential when it is needed first, and again when it was refused. */
export function createCredentials({ apiKey, token }: Pick<ClientOptions, 'apiKey' | 'token'>): Credentials {
  const given = apiKey ?? token
  let shown: Shown | undefined

  function ask(expired: boolean): Shown {
    // Also what it throws at once is a rejection.
    const asked: Shown = (async () => (typeof given === 'function' ? given({ expired }) : given))().catch((cause: unknown) => {
      throw new HeadwayClientError('NO_CREDENTIAL', 'There is no key or token now.', { cause })
    })
    // Where none could be had, the next one asks again.
    asked.catch(() => shown === asked && (shown = undefined))
    return (shown = asked)
  }

  return {
    isKey: apiKey !== undefined,
    header: (credential) => (apiKey === undefined ? ['Authorization', `Bearer ${credential}`] : ['X-API-Key', credential]),
    show: () => shown ?? ask(false),
    refresh(refused) {
      if (typeof given !== 'function') return false
      if (shown === refused) void ask(true)
      return true
    },
  }
}
