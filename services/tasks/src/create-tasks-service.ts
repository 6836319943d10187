import type { Service } from '@headway/server'
import { TaskTypes } from './jobs/task-types.js'
import { TaskFileError } from './runner/task-file/issues.js'
import { loadTaskFile } from './runner/task-file/load-task-file.js'
import { watchTaskFile } from './runner/task-file/watch-task-file.js'
import { renderTaskError } from './wire/render-error.js'
import { taskStreamChannel } from './wire/channels.js'
import { PATHS, TASKS_TAG } from './wire/paths.js'
import { mountRoutes } from './wire/routes.js'

export interface TasksServiceOptions {
  /** The task file, see `docs/tasks.md`. It is read again whenever it changes. */
  readonly file: string
  /** Of which programs get a few variables, and those that the task file names. The process's own by default. */
  readonly environment?: NodeJS.ProcessEnv
}

/**
 * Makes the tasks service of a task file. The engine must have a process host.
 *
 * @throws TaskFileError with every mistake of the file and its place
 */
export async function createTasksService(options: TasksServiceOptions): Promise<Service> {
  const file = await loadTaskFile(options.file)
  const types = new TaskTypes(file, options.environment ?? process.env)
  let stopWatching: () => void = () => undefined
  return {
    name: 'tasks',
    jobTypes: types.jobTypes(),
    paths: [PATHS.api],
    tags: [TASKS_TAG],
    channels: [taskStreamChannel],
    mount: (app, kit) => mountRoutes(app, kit, types),
    renderError: renderTaskError,
    async start(kit) {
      await types.adopt(kit.engine)
      stopWatching = watchTaskFile(
        file,
        (changed) => {
          types.replace(changed, kit.engine)
          kit.log.info({ file: changed.path, types: types.list().map(({ name }) => name) }, 'the task file was read again')
        },
        (error) => {
          const issues = error instanceof TaskFileError ? error.issues : undefined
          kit.log.error({ err: error, issues }, 'the task file was not read again; what was loaded before stays in force')
        },
      )
    },
    close() {
      stopWatching()
      return Promise.resolve()
    },
  }
}
