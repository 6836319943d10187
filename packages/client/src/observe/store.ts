import { beforeNextFrame } from './frames.js'

/** Something that is looked at: what `useSyncExternalStore` takes. */
export interface Store<T> {
  /** The first who subscribes opens it; the last who leaves closes it after a short grace. @returns what ends it */
  readonly subscribe: (listener: () => void) => () => void
  /** As it was shown last. The same until the listeners are told. */
  readonly get: () => T
}

/** Opens what a store shows. `changed` is called when there is something new to show. @returns what closes it */
export type Open = (changed: () => void) => () => void

/** A component that is mounted again at once, as in StrictMode or behind a key, finds its connection as it was. In milliseconds. */
const GRACE_MS = 1000

/**
 * A store of what is computed from something that changes thousands of times a second: computed and told once a frame.
 *
 * @param compute what there is to show now; another object only where it is not the same
 * @param use told when somebody looks at it, and when nobody has for the grace
 */
function createStore<T>(compute: () => T, open: Open, use: (isUsed: boolean) => void): Store<T> & { readonly expire: () => void } {
  const listeners = new Set<() => void>()
  let shown = compute()
  let close: (() => void) | undefined
  let expiry: ReturnType<typeof setTimeout> | undefined

  function update(): readonly (() => void)[] {
    const now = compute()
    if (Object.is(now, shown)) return []
    shown = now
    return [...listeners]
  }

  function expire(): void {
    expiry = setTimeout(() => {
      close?.()
      close = undefined
      use(false)
    }, GRACE_MS)
  }

  return {
    get: () => shown,
    expire,
    subscribe(listener) {
      clearTimeout(expiry)
      // In a function of its own each time: the same listener may come twice.
      const own = (): void => listener()
      listeners.add(own)
      if (!close) {
        use(true)
        close = open(() => beforeNextFrame(update))
      }
      return () => {
        if (listeners.delete(own) && listeners.size === 0) expire()
      }
    },
  }
}

const stores = new WeakMap<object, Map<string, Store<unknown>>>()

/**
 * The store of a thing, the same for all who look at it.
 *
 * @param owner what the thing belongs to
 * @param key its name there
 * @param make its parts, where nobody looks at it yet
 */
export function sharedStore<T>(owner: object, key: string, make: () => { readonly compute: () => T; readonly open: Open }): Store<T> {
  let all = stores.get(owner)
  if (!all) stores.set(owner, (all = new Map()))
  const found = all.get(key)
  if (found) return found as Store<T>
  const { compute, open } = make()
  const kept = all
  const store = createStore(compute, open, (isUsed) => {
    if (isUsed) kept.set(key, store)
    else if (kept.get(key) === store) kept.delete(key)
  })
  kept.set(key, store)
  // A render that is thrown away never subscribes.
  store.expire()
  return store
}
