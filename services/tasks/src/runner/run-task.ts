import { JobFailure } from '@headway/core'
import type { JobContext } from '@headway/core'
import { EventWriter } from './event-writer.js'
import { MAX_HOST_LOSSES, MAX_RESULTS_BYTES } from './limits.js'
import { PausableTimer } from './pausable-timer.js'
import { PauseSwitch } from './pause-switch.js'
import { runStep } from './run-step.js'
import type { StepOutcome, StepSurroundings } from './run-step.js'
import { taskCheckpointSchema, taskDefinitionSchema } from './task-definition.js'
import type { StepDefinition, StepResult, TaskCheckpoint, TaskDefinition } from './task-definition.js'
import type { TaskFailure, TaskResult } from './task-events.js'
import { TaskReport } from './task-report.js'
import { jsonBytes } from './text.js'

/**
 * Runs the steps of a task, in order, from the first one or from where a lost worker was.
 *
 * @param environment the server's
 * @throws JobFailure `step_failed`, `step_timeout`, `start_failed`, `process_host_lost`, with TaskFailure details; the signal's reason
 */
export async function runTask(ctx: JobContext, environment: NodeJS.ProcessEnv): Promise<TaskResult> {
  return new TaskRun(ctx, taskDefinitionSchema.parse(ctx.definition), environment).run()
}

class TaskRun {
  readonly #ctx: JobContext
  readonly #task: TaskDefinition
  readonly #environment: NodeJS.ProcessEnv
  readonly #events: EventWriter
  readonly #report: TaskReport
  readonly #pause = new PauseSwitch()
  readonly #overtime = new AbortController()
  readonly #timer: PausableTimer | undefined
  readonly #startedAt: string
  readonly #results: StepResult[]
  #nextStep: number

  constructor(ctx: JobContext, task: TaskDefinition, environment: NodeJS.ProcessEnv) {
    const saved = ctx.saved === undefined ? undefined : taskCheckpointSchema.parse(ctx.saved)
    this.#ctx = ctx
    this.#task = task
    this.#environment = environment
    this.#startedAt = saved?.startedAt ?? new Date().toISOString()
    this.#results = [...(saved?.results ?? [])]
    this.#nextStep = saved?.nextStep ?? 0
    this.#events = new EventWriter((type, data, options) => ctx.emit(type, data, options))
    this.#report = new TaskReport({
      events: this.#events,
      startedAt: this.#startedAt,
      percent: this.#percentAt(0),
      // What goes wrong with it goes wrong with the events around it, too, and is thrown there.
      saveProgress: (done, message) => void ctx.progress({ done, total: 100, ...(message && { message }) }).catch(() => undefined),
    })
    const timeLeftMs = saved?.timeLeftMs ?? task.timeoutMs
    if (timeLeftMs !== undefined) this.#timer = new PausableTimer(timeLeftMs, () => this.#overtime.abort())
  }

  async run(): Promise<TaskResult> {
    const stopTimer = this.#timer ? this.#pause.during(this.#timer) : undefined
    const stopListening = this.#ctx.onPause((paused) => {
      this.#pause.set(paused)
      this.#report.paused(paused)
    })
    try {
      while (this.#nextStep < this.#task.steps.length) await this.#next()
      await this.#events.flush()
      await this.#ctx.progress({ done: 100, total: 100 })
      return { success: true, results: this.#results, summary: this.#report.summary() }
    } catch (error) {
      throw this.#withDetails(error)
    } finally {
      stopListening()
      stopTimer?.()
      this.#timer?.pause()
      this.#report.close()
    }
  }

  async #next(): Promise<void> {
    await this.#ctx.pausePoint()
    const step = this.#task.steps[this.#nextStep]
    if (step === undefined) return
    const { result, failure } = await this.#run(step)
    this.#results.push(this.#fitting(result))
    // `continueOnError` passes over the errors of its step; the end of the task's own time is none of them.
    if (failure && (!step.continueOnError || this.#overtime.signal.aborted)) throw await this.#failed(failure)
    this.#nextStep += 1
    this.#report.progress(this.#percentAt(0))
    this.#report.update(this.#task.rerunnable ? this.#checkpoint() : undefined)
    await this.#events.flush()
  }

  /** A step that may run twice begins again when its process host was lost, which has killed what it ran by then. */
  async #run(step: StepDefinition): Promise<StepOutcome> {
    for (let losses = 0; ; losses += 1) {
      try {
        return await runStep(step, this.#surroundings())
      } catch (error) {
        const lost = error instanceof JobFailure && error.code === 'process_host_lost'
        if (!lost || !this.#task.rerunnable || losses === MAX_HOST_LOSSES) throw error
        this.#report.line('error', `${error.message} The step begins again.`)
      }
    }
  }

  #surroundings(): StepSurroundings {
    return {
      ctx: this.#ctx,
      report: this.#report,
      pause: this.#pause,
      environment: this.#environment,
      graceMs: this.#task.graceMs,
      overtime: this.#overtime.signal,
      room: () => this.#events.room(),
      onProgress: (fraction, message) => this.#report.progress(this.#percentAt(fraction), message),
    }
  }

  /** How much of the whole is done when the next step has come so far, by the steps' weights. */
  #percentAt(fraction: number): number {
    const { steps } = this.#task
    const total = steps.reduce((sum, { weight }) => sum + weight, 0)
    const done = steps.slice(0, this.#nextStep).reduce((sum, { weight }) => sum + weight, 0)
    return (100 * (done + (steps[this.#nextStep]?.weight ?? 0) * fraction)) / total
  }

  /** The result of a step, without what its program said when all results together would be too large. */
  #fitting(result: StepResult): StepResult {
    if (result.result === undefined || jsonBytes([...this.#results, result]) <= MAX_RESULTS_BYTES) return result
    this.#report.line(
      'info',
      `The ::result of "${result.name}" was left out: all results of a task are at most ${MAX_RESULTS_BYTES} bytes.`,
    )
    const { result: _, ...rest } = result
    return rest
  }

  #checkpoint(): TaskCheckpoint {
    return {
      nextStep: this.#nextStep,
      results: this.#results,
      startedAt: this.#startedAt,
      ...(this.#timer && { timeLeftMs: this.#timer.leftMs }),
    }
  }

  async #failed({ code, message, retryable }: NonNullable<StepOutcome['failure']>): Promise<JobFailure> {
    await this.#events.flush()
    return new JobFailure(code, message, retryable === undefined ? {} : { retryable })
  }

  /** What failed, with all that the task's last message shows. */
  #withDetails(error: unknown): unknown {
    if (!(error instanceof JobFailure) && !this.#ctx.signal.aborted) return error
    const details: TaskFailure = { results: this.#results, summary: this.#report.summary() }
    if (error instanceof JobFailure) return new JobFailure(error.code, error.message, { retryable: error.retryable, details, cause: error })
    const reason = error instanceof Error ? error.message : 'The task was stopped.'
    return new JobFailure('stopped', reason, { details, cause: error })
  }
}
