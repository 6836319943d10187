/** One thing that is wrong with a configuration. */
export interface FieldError {
  /** JSON pointer (RFC 6901) to the field, for example `/sources/0/transformations/2`. */
  readonly pointer: string
  /** What is wrong and what would be right. */
  readonly message: string
}

/** Why a compilation failed. `code` is stable; the message says what to do. */
export class CompileError extends Error {
  override readonly name = 'CompileError'
  readonly code: string
  readonly fields: readonly FieldError[] | undefined

  constructor(code: string, message: string, options: { cause?: unknown; fields?: readonly FieldError[] } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.fields = options.fields
  }
}
