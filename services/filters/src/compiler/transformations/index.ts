import { TRANSFORMATION_NAMES } from '../configuration/transformation-names.js'
import type { TransformationName } from '../configuration/transformation-names.js'
import type { Transformation } from './transformation.js'

/** The validating ones bring the public-suffix list. */
const validating = async (allowIp: boolean, allowPublicSuffix: boolean): Promise<Transformation> =>
  (await import('./validate.js')).validating({ allowIp, allowPublicSuffix })

/** Each is loaded when it is first used: start-up is a good part of the time that a short list takes. */
const LOADERS: Readonly<Record<TransformationName, () => Promise<Transformation>>> = {
  ConvertToAscii: async () => (await import('./convert-to-ascii.js')).convertToAscii,
  TrimLines: async () => (await import('./trim-lines.js')).trimLines,
  RemoveComments: async () => (await import('./remove-comments.js')).removeComments,
  Compress: async () => (await import('./compress.js')).compress,
  RemoveModifiers: async () => (await import('./remove-modifiers.js')).removeModifiers,
  InvertAllow: async () => (await import('./invert-allow.js')).invertAllow,
  Validate: () => validating(false, false),
  ValidateAllowIp: () => validating(true, false),
  ValidateAllowPublicSuffix: () => validating(false, true),
  ValidateAllowIpAndPublicSuffix: () => validating(true, true),
  Deduplicate: async () => (await import('./deduplicate.js')).deduplicate,
  RemoveEmptyLines: async () => (await import('./remove-empty-lines.js')).removeEmptyLines,
  InsertFinalNewLine: async () => (await import('./insert-final-new-line.js')).insertFinalNewLine,
}

/** The transformations of one level in the order in which they run; their order in the configuration does not count. */
export async function transformationsOf(
  names: readonly TransformationName[] = [],
): Promise<{ readonly name: TransformationName; readonly transform: Transformation }[]> {
  const wanted = TRANSFORMATION_NAMES.filter((name) => names.includes(name))
  return Promise.all(wanted.map(async (name) => ({ name, transform: await LOADERS[name]() })))
}
