import { TRANSFORMATION_NAMES } from '../configuration/transformation-names.js'
import type { TransformationName } from '../configuration/transformation-names.js'
import { compress } from './compress.js'
import { convertToAscii } from './convert-to-ascii.js'
import { deduplicate } from './deduplicate.js'
import { insertFinalNewLine } from './insert-final-new-line.js'
import { invertAllow } from './invert-allow.js'
import { removeComments } from './remove-comments.js'
import { removeEmptyLines } from './remove-empty-lines.js'
import { removeModifiers } from './remove-modifiers.js'
import type { Transformation } from './transformation.js'
import { trimLines } from './trim-lines.js'

/** The validating ones bring the public-suffix list, which takes time to load: only who uses one loads it. */
async function loadValidating(allowIp: boolean, allowPublicSuffix: boolean): Promise<Transformation> {
  const { validating } = await import('./validate.js')
  return validating({ allowIp, allowPublicSuffix })
}

const LOADERS: Readonly<Record<TransformationName, () => Transformation | Promise<Transformation>>> = {
  ConvertToAscii: () => convertToAscii,
  TrimLines: () => trimLines,
  RemoveComments: () => removeComments,
  Compress: () => compress,
  RemoveModifiers: () => removeModifiers,
  InvertAllow: () => invertAllow,
  Validate: () => loadValidating(false, false),
  ValidateAllowIp: () => loadValidating(true, false),
  ValidateAllowPublicSuffix: () => loadValidating(false, true),
  ValidateAllowIpAndPublicSuffix: () => loadValidating(true, true),
  Deduplicate: () => deduplicate,
  RemoveEmptyLines: () => removeEmptyLines,
  InsertFinalNewLine: () => insertFinalNewLine,
}

/** The transformations of one level in the order in which they run; their order in the configuration does not count. */
export async function transformationsOf(
  names: readonly TransformationName[] = [],
): Promise<{ readonly name: TransformationName; readonly transform: Transformation }[]> {
  const wanted = TRANSFORMATION_NAMES.filter((name) => names.includes(name))
  return Promise.all(wanted.map(async (name) => ({ name, transform: await LOADERS[name]() })))
}
