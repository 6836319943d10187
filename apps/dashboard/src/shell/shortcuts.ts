import { useLocalStorage } from '@mantine/hooks'

/** What the keys do, for the help. */
export const SHORTCUTS: readonly { readonly keys: readonly string[]; readonly does: string }[] = [
  { keys: ['g', 'o'], does: 'Go to the overview' },
  { keys: ['g', 'j'], does: 'Go to the jobs' },
  { keys: ['n'], does: 'New job' },
  { keys: ['/'], does: 'Search: jobs, or the log of a job' },
  { keys: ['?'], does: 'This help' },
  { keys: ['Esc'], does: 'Close what is open' },
]

/** Whether letters do something: whoever speaks to the computer may want none of them (WCAG 2.1.4). Kept in this browser. */
export function useShortcutsOn(): readonly [boolean, (on: boolean) => void] {
  const [on, setOn] = useLocalStorage({ key: 'headway.shortcuts', defaultValue: true })
  return [on, setOn]
}
