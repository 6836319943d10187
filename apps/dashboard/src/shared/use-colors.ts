import { useComputedColorScheme } from '@mantine/core'
import { useMemo } from 'react'

/** The values of colour variables now, for what is drawn on a canvas. Anew when the scheme changes. */
export function useColors<Name extends string>(names: readonly Name[]): Readonly<Record<Name, string>> {
  const scheme = useComputedColorScheme('light')
  return useMemo(() => {
    void scheme
    const style = getComputedStyle(document.documentElement)
    return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()])) as Record<Name, string>
  }, [scheme, names])
}
