import { fileURLToPath } from 'node:url'

export { createTasksService } from './create-tasks-service.js'
export type { TasksServiceOptions } from './create-tasks-service.js'
export { TaskFileError } from './runner/task-file/issues.js'
export type { TaskFileIssue } from './runner/task-file/issues.js'
export { loadTaskFile } from './runner/task-file/load-task-file.js'
export type { TaskFile } from './runner/task-file/load-task-file.js'
export { tasksDialect } from './wire/dialect.js'

/** The task file that ships with this package. */
export const SHIPPED_TASK_FILE = fileURLToPath(new URL('../tasks.yaml', import.meta.url))

/** The folder of the programs that ship with this package; each has `--help`. */
export const SHIPPED_PROGRAMS = fileURLToPath(new URL('../programs', import.meta.url))
