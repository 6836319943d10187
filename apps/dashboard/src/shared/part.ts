import { createElement, lazy } from 'react'
import type { ComponentType } from 'react'

/** Parts that could not be loaded: what makes each of them be loaded anew. */
const failed = new Set<() => void>()

/**
 * A component that is loaded when it is shown first. Where that failed it stays so, until it is asked for again.
 *
 * @see loadFailedPartsAgain
 */
export function part<Props extends object>(load: () => Promise<{ readonly default: ComponentType<Props> }>): ComponentType<Props> {
  const begin = (): ComponentType<Props> =>
    lazy(async () => {
      try {
        return await load()
      } catch (error) {
        failed.add(again)
        throw error
      }
    })
  let current = begin()
  const again = (): void => {
    current = begin()
  }
  return function Part(props: Props) {
    return createElement(current, props)
  }
}

/** What failed to load is asked for once more when it is shown again. */
export function loadFailedPartsAgain(): void {
  for (const again of failed) again()
  failed.clear()
}
