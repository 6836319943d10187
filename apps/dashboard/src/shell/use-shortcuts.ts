import { useEffect } from 'react'
import { navigate } from '../location/hash-location.js'
import { useShortcutsOn } from './shortcuts.js'

/** How long after `g` its second key is waited for, in milliseconds. */
const SECOND_KEY_MS = 1500
const AFTER_G: Readonly<Record<string, string>> = { o: '/', j: '/jobs' }

/** Listens to the keys of the whole dashboard. A page's search is its `[data-search]`; without one, `/` goes to the jobs. */
export function useShortcuts(openHelp: () => void): void {
  const [on] = useShortcutsOn()
  useEffect(() => {
    if (!on) return undefined
    let gAt = -Infinity
    const pressed = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const after = event.timeStamp - gAt < SECOND_KEY_MS ? AFTER_G[event.key] : undefined
      gAt = event.key === 'g' ? event.timeStamp : -Infinity
      if (after !== undefined) navigate(after)
      else if (event.key === 'n') navigate('/new')
      else if (event.key === '?') openHelp()
      else if (event.key === '/') search()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [on, openHelp])
}

function search(): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]')
  if (field === null) navigate('/jobs')
  else field.focus()
}

/** Whether keys belong to what has the focus: a field, a form that is being filled in, or a dialog or menu that is open. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.closest('form, input, textarea, select, [role=dialog], [role=menu], [role=listbox], [role=slider]') !== null)
  )
}
