import type { ServerKey } from '@headway/core'
import { z } from 'zod'
import type { Lazy } from '../lazy.js'

/** Where a large value is; see `BlobRef` of the engine. */
export const blobRefSchema = z.object({ blob: z.string(), size: z.int().nonnegative(), sha256: z.string() })

/** The mark of the service that it made an input. */
export const sealSchema = z.string().max(64).optional()

interface Sealable {
  readonly owner?: string | undefined
  readonly seal?: string | undefined
}

/** What stands for the address that a job was made from; see `ownerOf` of the server. */
export const ownerSchema = z.string().max(64).optional()

/** An input with the mark of the service that it made the input, as a whole. */
export function sealed<Input extends object>(input: Input, key: ServerKey): Input & Sealable {
  return { ...input, seal: key.hash('input', input) }
}

/**
 * The input of a job type, from wherever it comes. Uploads stand only in inputs that the service has made: whoever names them for a job of the
 * native API could read the blobs of other jobs. A job that is run again has the same input, so that its seal holds.
 *
 * @param own the members, beside `owner`, that only the service itself says
 */
export function sealedInput<Schema extends z.ZodType<Sealable>>(schema: Schema, own: readonly string[], key: Lazy<ServerKey>): Schema {
  return schema.superRefine(async (input: Sealable, context) => {
    const { seal, ...rest } = input
    const said = [...own, 'owner'].filter((name) => Object.hasOwn(rest, name))
    if (said.length === 0 && seal === undefined) return
    if (seal === (await key.get()).hash('input', rest)) return
    for (const name of said.length > 0 ? said : ['seal']) {
      context.addIssue({ code: 'custom', path: [name], message: 'is said by the server itself; leave it out' })
    }
  })
}
