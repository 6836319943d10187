import { useSyncExternalStore } from 'react'
import type { BaseLocationHook, BaseSearchHook } from 'wouter'

/**
 * Routing by the hash, with the query inside it (`#/jobs?status=failed`): the server knows of one page only, and nothing of what is looked at
 * is sent to it or left in its log.
 */
function parts(): { readonly path: string; readonly search: string } {
  const [path = '', search = ''] = window.location.hash.replace(/^#?\/?/, '').split('?', 2)
  return { path: `/${path}`, search }
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('hashchange', changed)
  return () => window.removeEventListener('hashchange', changed)
}

/** Goes to a path with an optional query, such as `/jobs?status=failed`. */
export function navigate(to: string, { replace = false, state = null }: { replace?: boolean; state?: unknown } = {}): void {
  const oldURL = window.location.href
  const url = new URL(oldURL)
  url.hash = to
  window.history[replace ? 'replaceState' : 'pushState'](state, '', url)
  window.dispatchEvent(new HashChangeEvent('hashchange', { oldURL, newURL: url.href }))
}

const usePath: BaseLocationHook & { hrefs?: (href: string) => string } = () => [
  useSyncExternalStore(subscribe, () => parts().path),
  navigate,
]
usePath.hrefs = (href) => `#${href}`

export const useHashLocation = usePath
/** The query of the hash, without its `?`. */
export const useHashSearch: BaseSearchHook = () => useSyncExternalStore(subscribe, () => parts().search)
