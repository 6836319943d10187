import type { Engine, JobType } from '@headway/core'
import { isTerminal } from '@headway/protocol'
import type { JobStatus } from '@headway/protocol'
import { taskDefinitionSchema } from '../runner/task-definition.js'
import type { TaskFile } from '../runner/task-file/load-task-file.js'
import type { TaskType } from '../runner/task-file/task-type.js'
import { retiredTaskJobType, taskJobType } from './task-job-type.js'

/** The task types that are offered now. */
export class TaskTypes {
  readonly #environment: NodeJS.ProcessEnv
  #current: ReadonlyMap<string, TaskType>
  /** Types that were taken out of the file still have tasks to show. */
  readonly #known = new Set<string>()

  /** @param environment the server's */
  constructor(file: TaskFile, environment: NodeJS.ProcessEnv) {
    this.#environment = environment
    this.#current = this.#take(file)
  }

  get(name: string): TaskType | undefined {
    return this.#current.get(name)
  }

  list(): TaskType[] {
    return [...this.#current.values()]
  }

  /** Also those of earlier versions of the file. */
  knownNames(): string[] {
    return [...this.#known]
  }

  jobTypes(): JobType[] {
    return this.list().map((type) => taskJobType(type, this.#environment))
  }

  /** Puts the types of a file in the place of those that are offered; tasks that exist are not touched. */
  replace(file: TaskFile, engine: Engine): void {
    const before = this.#current
    this.#current = this.#take(file)
    for (const type of this.jobTypes()) engine.register(type)
    for (const name of before.keys()) if (!this.#current.has(name)) engine.unregister(name)
  }

  /**
   * Finds the types that the file no longer has and that tasks of an earlier run of the server are of. Those tasks are shown, kept as long as others,
   * and run to their end if they wait or were given back.
   */
  async adopt(engine: Engine): Promise<void> {
    const statuses = new Map<string, JobStatus[]>()
    for (const { type, status, count } of await engine.stores.jobs.counts()) {
      if (count > 0 && !engine.jobTypes.has(type)) statuses.set(type, [...(statuses.get(type) ?? []), status])
    }
    for (const [name, all] of statuses) {
      const open = all.filter((status) => !isTerminal(status))
      const { items } = await engine.list({ types: [name], limit: 1, ...(open.length > 0 && { statuses: open }) })
      const definition = taskDefinitionSchema.safeParse(items[0]?.definition)
      // A job of another service.
      if (!definition.success) continue
      this.#known.add(name)
      engine.register(retiredTaskJobType(name, definition.data, this.#environment))
      engine.unregister(name)
    }
  }

  #take({ types }: TaskFile): Map<string, TaskType> {
    for (const { name } of types) this.#known.add(name)
    return new Map(types.map((type) => [type.name, type]))
  }
}
