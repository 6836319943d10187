/** Something that whoever typed the command can do something about: it is shown without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError'
  /** See `EXIT`. */
  readonly exitCode: number

  constructor(message: string, exitCode: number) {
    super(message)
    this.exitCode = exitCode
  }
}
