import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { TASK_KINDS, taskFile } from '../jobs/task-kinds.mjs'
import { runWatcher } from '../watchers/run-watcher.mjs'
import { followTask, TaskWatcher } from '../watchers/tasks-sse.mjs'
import { watchJob } from '../watchers/watch.mjs'

const MAIN = fileURLToPath(new URL('../../../apps/cli/bin/headway.mjs', import.meta.url))
const programFile = (name) => fileURLToPath(new URL(`../programs/${name}.mjs`, import.meta.url))

/**
 * The real `headway serve` with task types of these tests; its tasks are watched in their own dialect, too.
 *
 * @type {import('./index.mjs').Target}
 */
export const headway = {
  name: 'headway',
  kinds: TASK_KINDS,
  serve({ port, key, mark, workFolder, dataFolder, leaseMs, graceMs }) {
    const tasks = join(workFolder, 'tasks.yaml')
    writeFileSync(tasks, JSON.stringify(taskFile({ mark, workFolder, program: programFile })))
    return {
      command: MAIN,
      args: ['serve'],
      env: {
        PATH: process.env.PATH ?? '',
        PORT: String(port),
        HEADWAY_DATA: dataFolder,
        HEADWAY_ADMIN_KEY: key,
        HEADWAY_TASKS: tasks,
        HEADWAY_LEASE: `${leaseMs}ms`,
        HEADWAY_SHUTDOWN_GRACE: `${graceMs}ms`,
        HEADWAY_RATE_LIMIT: '0',
        HEADWAY_KEEP_FINISHED: '1000000',
        HEADWAY_LOG_LEVEL: 'warn',
      },
    }
  },
  async watch(job, around) {
    const watcher = new TaskWatcher(job)
    job.taskWatcher = watcher
    const { server, random, stop } = around
    const dialect = runWatcher({ watcher, connect: (signal) => followTask(server, watcher, signal), random: random.fork(), stop })
    await Promise.all([watchJob(job, around), dialect])
  },
}
