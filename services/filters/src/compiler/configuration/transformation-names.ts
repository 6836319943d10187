/** Every transformation, in the order in which they run whatever the order in a configuration (filters-semantics.md, "Order"). */
export const TRANSFORMATION_NAMES = [
  'ConvertToAscii',
  'TrimLines',
  'RemoveComments',
  'Compress',
  'RemoveModifiers',
  'InvertAllow',
  'Validate',
  'ValidateAllowIp',
  'ValidateAllowPublicSuffix',
  'ValidateAllowIpAndPublicSuffix',
  'Deduplicate',
  'RemoveEmptyLines',
  'InsertFinalNewLine',
] as const

export type TransformationName = (typeof TRANSFORMATION_NAMES)[number]

/** Those of which a configuration may use one, at one level. */
export const VALIDATE_FAMILY: ReadonlySet<string> = new Set<TransformationName>([
  'Validate',
  'ValidateAllowIp',
  'ValidateAllowPublicSuffix',
  'ValidateAllowIpAndPublicSuffix',
])
