import type { Json } from '@headway/protocol'
import type { TaskDefinition } from '../task-definition.js'
import type { Params, ParamsCheck } from './params.js'

/** A task type, ready to make tasks of. */
export interface TaskType {
  readonly name: string
  readonly description: string | undefined
  /** The JSON Schema of the parameters. */
  readonly paramsSchema: Readonly<Record<string, Json>>
  readonly retry: { readonly attempts: number; readonly delayMs: number | undefined }
  readonly graceMs: number
  readonly rerunnable: boolean
  readonly stepNames: readonly string[]
  /** @throws HeadwayError VALIDATION_ERROR */
  readonly checkParams: ParamsCheck['check']
  readonly define: (params: Params) => TaskDefinition
  readonly concurrencyOf: (params: Params) => { readonly key: string; readonly limit: number } | undefined
}
