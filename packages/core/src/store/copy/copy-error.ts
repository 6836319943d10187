/**
 * Why a store was not copied: `not_empty` (the target has something), `in_use` (the source has jobs with owners, or was written to
 * meanwhile), `not_alike` (what arrived is not what was there), `unsupported` (one of the stores can't do it).
 */
export class CopyError extends Error {
  override readonly name = 'CopyError'
  readonly code: 'not_empty' | 'in_use' | 'not_alike' | 'unsupported'

  constructor(code: CopyError['code'], message: string) {
    super(message)
    this.code = code
  }
}
