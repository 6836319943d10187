import type { Engine, JobType } from '@headway/core'
import type { TaskFile } from '../runner/task-file/load-task-file.js'
import type { TaskType } from '../runner/task-file/task-type.js'
import { taskJobType } from './task-job-type.js'

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

  #take({ types }: TaskFile): Map<string, TaskType> {
    for (const { name } of types) this.#known.add(name)
    return new Map(types.map((type) => [type.name, type]))
  }
}
