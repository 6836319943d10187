import type { ServerKey } from '@headway/core'
import type { z } from 'zod'
import type { Configuration } from '../compiler/index.js'
import type { CompileInput } from './compile-input.js'
import { urlsWithUserInfo } from './secret-sources.js'

/** The name of this service's key in the store. */
export const SERVER_KEY = 'filters/key'

/** What of an input only the service itself says. */
const OWN_MEMBERS = ['preFetchedBlob', 'configurationBlob'] as const

type OneInput = Pick<CompileInput, 'configuration' | (typeof OWN_MEMBERS)[number]>

/** One compilation, or several. */
interface AnyInput extends Partial<OneInput> {
  readonly requests?: readonly OneInput[] | undefined
  readonly owner?: string | undefined
  readonly seal?: string | undefined
}

/** An input with the mark of the service that it made the input, as a whole; without one where it says nothing that others may not say. */
export function sealed<Input extends AnyInput>(input: Input, key: ServerKey): Input {
  return ownMembersOf(input).length === 0 ? input : { ...input, seal: key.hash('input', input) }
}

/**
 * The input of a job type, from wherever it comes. Blobs and an owner stand only in inputs that the service has made: whoever names them
 * for a job of the native API could read the blobs of other jobs. A job that is run again has the same input, so that its seal holds.
 *
 * URLs with a user name or a password are refused: an input is told in the job's first event, and the service keeps them apart.
 */
export function sealedInput<Schema extends z.ZodType<AnyInput>>(schema: Schema, key: Promise<ServerKey>): Schema {
  return schema.superRefine(async (input: AnyInput, context) => {
    for (const [index, { configuration }] of (input.requests ?? []).entries()) refuseUserInfo(configuration, ['requests', index], context)
    if (input.configuration !== undefined) refuseUserInfo(input.configuration, [], context)
    const { seal, ...rest } = input
    const own = ownMembersOf(input)
    if (own.length === 0 && seal === undefined) return
    if (seal === (await key).hash('input', rest)) return
    for (const path of own.length > 0 ? own : [['seal']]) {
      context.addIssue({ code: 'custom', path, message: 'is said by the server itself; leave it out' })
    }
  })
}

function ownMembersOf(input: AnyInput): (string | number)[][] {
  const inOne = (one: Partial<OneInput>, at: (string | number)[]): (string | number)[][] =>
    OWN_MEMBERS.filter((name) => one[name] !== undefined).map((name) => [...at, name])
  return [
    ...(input.owner === undefined ? [] : [['owner']]),
    ...inOne(input, []),
    ...(input.requests ?? []).flatMap((one, index) => inOne(one, ['requests', index])),
  ]
}

function refuseUserInfo(configuration: CompileInput['configuration'], at: (string | number)[], context: z.RefinementCtx): void {
  // Its own check has found it to be one, or this one is not asked.
  for (const pointer of urlsWithUserInfo(configuration as unknown as Configuration)) {
    const message =
      'has a user name or a password; send it to POST /compile/async (or another route of /compile), which keeps such URLs apart'
    context.addIssue({ code: 'custom', path: [...at, 'configuration', ...pointer.split('/').slice(1)], message })
  }
}
