import { Worker } from 'node:worker_threads'
import { HeadwayError } from '@headway/core'
import type { FieldError } from '@headway/protocol'
import { configurationErrors } from '../jobs/compile-input.js'
import { readPackedIndex } from '../jobs/packed-texts.js'
import type { CheckTask } from './request-check-worker.js'

/** What of a request is looked at; its form is checked before. */
export interface RequestToCheck {
  readonly configuration: unknown
  readonly preFetchedContent?: Readonly<Record<string, unknown>> | undefined
  /** See `packTexts`. */
  readonly packedContent?: Uint8Array | undefined
}

/** One request, or several. */
export type BodyToCheck = RequestToCheck | { readonly requests: readonly RequestToCheck[] }

/** Patterns and addresses of more than so many entries are checked in a thread of their own: some take several microseconds. */
const MAX_CHECKED_HERE = 500

/** Checks configurations before there is a job: their patterns, limits, and whether this server can load their sources. */
export class RequestCheck {
  readonly #localFiles: boolean

  /** @param localFiles whether sources may be paths */
  constructor(localFiles: boolean) {
    this.#localFiles = localFiles
  }

  /** Everything that is wrong with a configuration, its form too; pointers into the configuration. */
  async errors(request: RequestToCheck): Promise<readonly FieldError[]> {
    const task = { configuration: request.configuration, preFetched: await namesOf(request), localFiles: this.#localFiles }
    return isLong(request.configuration) ? errorsInThread(task) : errorsOf(task)
  }

  /** @throws HeadwayError VALIDATION_ERROR with pointers into the body */
  async assert(body: BodyToCheck): Promise<void> {
    const fields: FieldError[] = []
    const check = async (request: RequestToCheck, pointer: string): Promise<void> => {
      for (const error of await this.errors(request)) fields.push({ ...error, pointer: `${pointer}/configuration${error.pointer}` })
    }
    if ('requests' in body) for (const [index, request] of body.requests.entries()) await check(request, `/requests/${index}`)
    else await check(body, '')
    const [first] = fields
    if (first === undefined) return
    const more = fields.length === 1 ? '' : ` (and ${fields.length - 1} more)`
    throw new HeadwayError('VALIDATION_ERROR', `The configuration is not valid: ${first.pointer} ${first.message}${more}.`, { fields })
  }
}

/** @returns what is wrong, with pointers into the configuration */
export function errorsOf({ configuration, preFetched, localFiles }: CheckTask): readonly FieldError[] {
  const names = new Set(preFetched)
  return configurationErrors(configuration, { places: { localFiles, isPreFetched: (source) => names.has(source) } })
}

async function errorsInThread(task: CheckTask): Promise<readonly FieldError[]> {
  const worker = new Worker(new URL('request-check-worker.js', import.meta.url), { workerData: task })
  try {
    return await new Promise<readonly FieldError[]>((resolve, reject) => {
      worker.once('message', resolve).once('error', reject)
      worker.once('exit', () => reject(new Error('The thread that checks a configuration ended before it had done so.')))
    })
  } finally {
    await worker.terminate()
  }
}

/** The names of the texts that came with a request. */
async function namesOf({ preFetchedContent = {}, packedContent }: RequestToCheck): Promise<string[]> {
  if (packedContent === undefined) return Object.keys(preFetchedContent)
  const index = await readPackedIndex(packedContent.length, (start, end) => Promise.resolve(packedContent.subarray(start, end)))
  return index.map(({ source }) => source)
}

function isLong(configuration: unknown): boolean {
  let left = MAX_CHECKED_HERE
  // All lists of a configuration are looked through up to that many entries, whatever they are.
  const count = (value: unknown): void => {
    if (left < 0 || typeof value !== 'object' || value === null) return
    for (const member of Object.values(value)) {
      if (--left < 0) return
      count(member)
    }
  }
  count(configuration)
  return left < 0
}
