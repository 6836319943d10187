import type { Json } from '@headway/protocol'

/** What a program tells its runner by a line of its own. */
export type Marker =
  | { readonly kind: 'progress'; readonly fraction: number; readonly message: string | undefined }
  | { readonly kind: 'result'; readonly value: Json }

const PROGRESS = /^::progress\s+(\d+(?:\.\d*)?|\.\d+)(?:\s+(.*))?$/
const RESULT = '::result '

/** Which markers a step's lines may hold. */
export interface MarkerSettings {
  readonly progress: boolean
  readonly result: boolean
}

/**
 * What a line tells the runner; undefined for a line like any other. A marker with a mistake (a progress over 1, a result that is no
 * JSON) is a line like any other, so that it can be seen.
 */
export function readMarker(line: string, allowed: MarkerSettings): Marker | undefined {
  if (!line.startsWith('::')) return undefined
  if (allowed.progress) {
    const match = PROGRESS.exec(line)
    const fraction = Number(match?.[1])
    if (match && fraction <= 1) return { kind: 'progress', fraction, message: match[2] }
  }
  if (allowed.result && line.startsWith(RESULT)) {
    try {
      return { kind: 'result', value: JSON.parse(line.slice(RESULT.length)) as Json }
    } catch {
      return undefined
    }
  }
  return undefined
}
