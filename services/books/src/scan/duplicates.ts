import { fold } from '../catalog/fold.js'
import type { ScanResult } from './types.js'

/** Marks books that an earlier photo of the same scan shows too. Two copies on one photo are two books. */
export function duplicateMarker(): (result: ScanResult) => ScanResult {
  const seen = new Map<string, { readonly photo: number; readonly number: number }>()
  let count = 0
  return (result) => {
    const number = count++
    if (result.title === null) return result
    const key = `${fold(result.title)}\n${fold(result.authors[0] ?? '')}`
    const first = seen.get(key)
    if (first === undefined) seen.set(key, { photo: result.photo, number })
    return first === undefined || first.photo === result.photo ? result : { ...result, duplicateOf: first.number }
  }
}
