import { jsonSchema } from '@headway/protocol'
import { z } from 'zod'
import { CompileError, validateConfiguration } from '../compiler/index.js'
import type { Configuration, ConfigurationRules } from '../compiler/index.js'

/** The name of the one job type of this service. */
export const COMPILE_JOB_TYPE = 'compile-filters'

/** Where a large value is; see `BlobRef` of the engine. */
export const blobRefSchema = z.object({ blob: z.string(), size: z.int().nonnegative(), sha256: z.string() })

/** Texts that stand for sources, by the source's name in the configuration. */
export const preFetchedContentSchema = z.record(z.string().max(8192), z.string())

/**
 * A configuration, its form checked by the compiler itself, whose errors point to the field. What is in it (patterns, limits) takes longer to
 * check: routes do so before they make a job, and the compiler before it loads anything. Typed as JSON: what the compiler takes is plain JSON.
 */
export const checkedConfigurationSchema = z.record(z.string(), jsonSchema).superRefine((value, context) => {
  for (const { pointer, message } of configurationErrors(value, { content: false })) {
    // What is no configuration is not looked at further.
    context.addIssue({ code: 'custom', message, path: pathOfPointer(pointer), continue: false })
  }
})

/** What `compile-filters` takes. */
export const compileInputSchema = z.object({
  configuration: checkedConfigurationSchema,
  preFetchedContent: preFetchedContentSchema.optional(),
  /** The same where it is large, in the form of `packTexts`. */
  preFetchedBlob: blobRefSchema.optional(),
  /** The configuration itself, where `configuration` is one without the secrets of its URLs; in the form of `packConfiguration`. */
  configurationBlob: blobRefSchema.optional(),
  /** Adds figures for each transformation to the result. */
  benchmark: z.boolean().optional(),
  /** Whose previous list of the same name the result is compared with; absent for holders of API keys, who share. */
  owner: z.string().max(64).optional(),
  /** Of the service, where it has put in blobs or an owner; see `sealedInput`. */
  seal: z.string().max(64).optional(),
})
export type CompileInput = z.infer<typeof compileInputSchema>

/** The configuration of an input, which its schema has checked. */
export function configurationOf(input: Pick<CompileInput, 'configuration'>): Configuration {
  return validateConfiguration(input.configuration, { content: false })
}

/** Everything that is wrong with a configuration; empty when it is valid. */
export function configurationErrors(
  value: unknown,
  rules: ConfigurationRules = {},
): readonly { readonly pointer: string; readonly message: string }[] {
  try {
    validateConfiguration(value, rules)
    return []
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    return error.fields ?? [{ pointer: '', message: error.message }]
  }
}

/** The segments of a JSON pointer (RFC 6901). */
function pathOfPointer(pointer: string): (string | number)[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((segment) => (/^\d+$/.test(segment) ? Number(segment) : segment))
}
