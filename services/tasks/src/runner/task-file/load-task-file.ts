import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { jobTypeNameSchema } from '@headway/protocol'
import type { z } from 'zod'
import { MAX_TASK_FILE_BYTES } from '../limits.js'
import { buildTaskType } from './build-task-type.js'
import { StepExpansion } from './expand-steps.js'
import { TaskFileError } from './issues.js'
import type { TaskFileIssue } from './issues.js'
import { taskFileSchema, taskTypeSchema } from './schema.js'
import type { TaskTypeSource } from './schema.js'
import type { TaskType } from './task-type.js'
import { YamlSource } from './yaml-source.js'

export interface TaskFile {
  /** Absolute. */
  readonly path: string
  /** Of the content, SHA-256 in hex. */
  readonly hash: string
  readonly types: readonly TaskType[]
}

/**
 * Reads a task file.
 *
 * @throws TaskFileError with every mistake and its place
 */
export async function loadTaskFile(file: string): Promise<TaskFile> {
  const path = resolve(file)
  let text: string
  try {
    const { size } = await stat(path)
    if (size > MAX_TASK_FILE_BYTES) throw new Error(`is ${size} bytes long, and at most ${MAX_TASK_FILE_BYTES} are allowed`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'does not exist' : (error as Error).message
    throw new TaskFileError(path, [{ line: 1, column: 1, field: '', message: `the task file ${why}` }], { cause: error })
  }
  return { path, hash: createHash('sha256').update(text).digest('hex'), types: parseTaskTypes(text, path) }
}

/**
 * Reads the text of a task file.
 *
 * @param path absolute; relative working directories begin in its folder
 * @throws TaskFileError with every mistake and its place
 */
function parseTaskTypes(text: string, path: string): TaskType[] {
  const source = new YamlSource(text)
  if (source.issues.length > 0) throw new TaskFileError(path, source.issues)
  const file = taskFileSchema.safeParse(source.value)
  if (!file.success) throw new TaskFileError(path, issuesOf(file.error, source, []))
  const issues: TaskFileIssue[] = []
  const sources = new Map<string, TaskTypeSource>()
  for (const [name, value] of Object.entries(file.data.types)) {
    const named = jobTypeNameSchema.safeParse(name)
    if (!named.success) issues.push(...named.error.issues.map(({ message }) => source.issue(['types', name], message, 'key')))
    const parsed = taskTypeSchema.safeParse(value)
    if (parsed.success) sources.set(name, parsed.data)
    else issues.push(...issuesOf(parsed.error, source, ['types', name]))
  }
  const complain = (name: string, at: readonly PropertyKey[], message: string): void => {
    issues.push(source.issue(['types', name, ...at], message))
  }
  const expansion = new StepExpansion(sources, Object.keys(file.data.types), complain)
  const types: TaskType[] = []
  for (const [name, value] of sources) {
    const type = buildTaskType(name, value, expansion.stepsOf(name), dirname(path), (at, message) => complain(name, at, message))
    if (type) types.push(type)
  }
  if (issues.length > 0) throw new TaskFileError(path, issues)
  return types
}

function issuesOf(error: z.ZodError, source: YamlSource, above: readonly PropertyKey[]): TaskFileIssue[] {
  return error.issues.flatMap((issue) => {
    const path = [...above, ...issue.path]
    if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => source.issue([...path, key], 'is not a known field', 'key'))
    // The key of an entry (a variable's name) is wrong, and not its value.
    if (issue.code === 'invalid_key') return [source.issue(path, issue.issues[0]?.message ?? issue.message, 'key')]
    return [source.issue(path, issue.message)]
  })
}
