/** Of the tab's own session storage, which goes with the tab. */
const STORAGE_KEY = 'headway.api-key'

/** Who is signed in, in this tab. */
export interface SessionState {
  readonly apiKey: string | undefined
  /** The key was accepted once and is not any more. */
  readonly refused: boolean
}

/** Holds the API key: in memory, or in the tab's session storage where that was asked for. Never in a URL, a cookie or local storage. */
export class Session {
  #state: SessionState
  readonly #listeners = new Set<() => void>()
  readonly #storage: Storage | undefined

  constructor(storage: Storage | undefined) {
    this.#storage = storage
    this.#state = { apiKey: this.#kept(), refused: false }
  }

  readonly state = (): SessionState => this.#state

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** @param keep whether a reload of this tab stays signed in */
  signIn(apiKey: string, keep: boolean): void {
    this.#keep(keep ? apiKey : undefined)
    this.#change({ apiKey, refused: false })
  }

  signOut(): void {
    this.#keep(undefined)
    this.#change({ apiKey: undefined, refused: false })
  }

  /** The server does not accept the key any more: it is forgotten. An answer to an older key changes nothing. */
  refuse(apiKey: string): void {
    if (this.#state.apiKey !== apiKey) return
    this.#keep(undefined)
    this.#change({ apiKey: undefined, refused: true })
  }

  #kept(): string | undefined {
    try {
      return this.#storage?.getItem(STORAGE_KEY) ?? undefined
    } catch {
      return undefined
    }
  }

  /** A storage that is full or forbidden keeps nothing; one is signed in all the same. */
  #keep(apiKey: string | undefined): void {
    try {
      if (apiKey === undefined) this.#storage?.removeItem(STORAGE_KEY)
      else this.#storage?.setItem(STORAGE_KEY, apiKey)
    } catch {
      // Then a reload asks for the key.
    }
  }

  #change(state: SessionState): void {
    this.#state = state
    for (const listener of this.#listeners) listener()
  }
}

/** @returns undefined where the browser refuses storage to this page */
export function tabStorage(): Storage | undefined {
  try {
    return window.sessionStorage
  } catch {
    return undefined
  }
}
