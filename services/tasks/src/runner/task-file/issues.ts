/** One mistake in a task file. Lines and columns count from 1. */
export interface TaskFileIssue {
  readonly line: number
  readonly column: number
  /** Where it is in the file's structure, such as `types.sync.steps[0].run`; empty for the file as a whole. */
  readonly field: string
  readonly message: string
}

/** A task file that can't be used; `issues` has all its mistakes, in the order of the file. */
export class TaskFileError extends Error {
  override readonly name = 'TaskFileError'
  readonly file: string
  readonly issues: readonly TaskFileIssue[]

  constructor(file: string, issues: readonly TaskFileIssue[], options?: ErrorOptions) {
    const sorted = [...issues].sort((a, b) => a.line - b.line || a.column - b.column)
    super(
      sorted.map(({ line, column, field, message }) => `${file}:${line}:${column} ${field && `${field}: `}${message}`).join('\n'),
      options,
    )
    this.file = file
    this.issues = sorted
  }
}

/** `['types', 'sync', 'steps', 0]` as `types.sync.steps[0]`. */
export function fieldText(path: readonly PropertyKey[]): string {
  return path.map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`)).join('')
}
