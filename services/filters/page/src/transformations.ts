import type { TransformationName } from '../../src/compiler/configuration/transformation-names.js'

/** Every transformation in the order in which they run, with what it does in a few words. */
export const TRANSFORMATIONS: Readonly<Record<TransformationName, string>> = {
  ConvertToAscii: 'Writes international domain names in ASCII',
  TrimLines: 'Removes blanks around lines',
  RemoveComments: 'Removes comments',
  Compress: 'Turns hosts lines into rules and drops what a wider rule covers',
  RemoveModifiers: 'Removes modifiers that DNS blockers do not know',
  InvertAllow: 'Turns blocking rules into exceptions',
  Validate: 'Drops rules that a DNS blocker can not use',
  ValidateAllowIp: 'Validates, but keeps rules for addresses',
  ValidateAllowPublicSuffix: 'Validates, but keeps rules for public suffixes',
  ValidateAllowIpAndPublicSuffix: 'Validates, but keeps both',
  Deduplicate: 'Drops lines that were there before',
  RemoveEmptyLines: 'Removes empty lines',
  InsertFinalNewLine: 'Ends the list with a line break',
}
