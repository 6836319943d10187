import { JobFailure, ProcessHostLostError, ScriptStartError } from '@headway/core'
import type { JobContext, ScriptExit, ScriptProcess, ScriptSpec } from '@headway/core'
import type { Json } from '@headway/protocol'
import { missingSecret, secretValues, stepEnvironment } from './environment.js'
import { MAX_COMMAND_UNITS, MAX_START_ERROR_UNITS } from './limits.js'
import { LineSplitter } from './line-splitter.js'
import type { LineEnd } from './line-splitter.js'
import { readMarker } from './markers.js'
import { Masker } from './masker.js'
import { PausableTimer } from './pausable-timer.js'
import type { PauseSwitch } from './pause-switch.js'
import type { StepDefinition, StepResult } from './task-definition.js'
import type { TaskReport } from './task-report.js'
import { commandText, durationText, shorten, withoutControls } from './text.js'

/** What a step needs of the task that it belongs to. */
export interface StepSurroundings {
  readonly ctx: Pick<JobContext, 'spawn' | 'signal'>
  readonly report: TaskReport
  readonly pause: PauseSwitch
  /** The server's environment. */
  readonly environment: NodeJS.ProcessEnv
  readonly graceMs: number
  /** Aborted when the whole task takes too long. */
  readonly overtime: AbortSignal
  /** Waits until there is room for more events. */
  readonly room: () => Promise<void>
  /** The program says how far this step is: 0 to 1. */
  readonly onProgress: (fraction: number, message: string | undefined) => void
}

/** Why a step ended as it did, beside what its result says. */
export interface StepOutcome {
  readonly result: StepResult
  /** Undefined for a success. */
  readonly failure?: {
    readonly code: 'step_failed' | 'step_timeout' | 'start_failed'
    readonly message: string
    /** Whether another attempt may help; unless it says otherwise, it may. */
    readonly retryable?: boolean
  }
}

/**
 * Runs one program to its end and reports every line that it prints.
 *
 * @throws the signal's reason when the task must stop; JobFailure `process_host_lost`; what emitting failed with
 */
export async function runStep(step: StepDefinition, around: StepSurroundings): Promise<StepOutcome> {
  const { ctx, report, environment } = around
  const masker = new Masker(secretValues(step, environment))
  const startedAt = performance.now()
  report.step(step.name)
  report.line('info', `Executing: ${step.name} (${shorten(masker.mask(commandText(step.run)), MAX_COMMAND_UNITS)})`)
  const outcome = (end: Partial<ScriptExit>, more: { result?: Json; failure?: StepOutcome['failure'] } = {}): StepOutcome => {
    const durationMs = Math.round(performance.now() - startedAt)
    const success = more.failure === undefined
    const result: StepResult = {
      name: step.name,
      success,
      exitCode: end.exitCode ?? null,
      ...(end.signal && { signal: end.signal }),
      durationMs,
      ...(more.result !== undefined && { result: more.result }),
      ...(more.failure && more.failure.code !== 'step_failed' && { error: more.failure.message }),
    }
    if (more.failure) report.line('error', more.failure.message)
    else report.line('success', `${step.name} finished after ${durationText(durationMs)}.`)
    return more.failure ? { result, failure: more.failure } : { result }
  }

  const missing = missingSecret(step, environment)
  if (missing !== undefined) {
    const message = `The step "${step.name}" needs the secret ${missing}, which the server's environment does not have.`
    return outcome({}, { failure: { code: 'start_failed', message, retryable: false } })
  }
  let process: ScriptProcess
  try {
    process = await ctx.spawn(scriptOf(step, environment))
  } catch (error) {
    if (!(error instanceof ScriptStartError)) throw hostLossAsFailure(error)
    // It may name what came in as a parameter.
    const why = shorten(masker.mask(error.message), MAX_START_ERROR_UNITS)
    return outcome({}, { failure: { code: 'start_failed', message: `The step "${step.name}" could not be started: ${why}` } })
  }
  const end = await watchProcess(process, step, masker, around)
  ctx.signal.throwIfAborted()
  const { exit, timedOut, result } = end
  if (around.overtime.aborted || timedOut) {
    const limit = around.overtime.aborted ? 'the time of the whole task was over' : `it took more than ${durationText(step.timeoutMs ?? 0)}`
    return outcome(exit, { failure: { code: 'step_timeout', message: `The step "${step.name}" was stopped: ${limit}.` } })
  }
  const more = result === undefined ? {} : { result }
  if (exit.exitCode === 0) return outcome(exit, more)
  const how = exit.signal ? `was ended by ${exit.signal}` : `ended with exit code ${exit.exitCode}`
  return outcome(exit, { ...more, failure: { code: 'step_failed', message: `The step "${step.name}" ${how}.` } })
}

function scriptOf(step: StepDefinition, environment: NodeJS.ProcessEnv): ScriptSpec {
  const [command = '', ...args] = step.run
  return { command, args, cwd: step.cwd, env: stepEnvironment(step, environment), pty: step.pty }
}

interface ProcessEnd {
  readonly exit: ScriptExit
  readonly timedOut: boolean
  readonly result: Json | undefined
}

/** Reads a program's output until its end; stops, suspends and resumes it with its task. */
async function watchProcess(process: ScriptProcess, step: StepDefinition, masker: Masker, around: StepSurroundings): Promise<ProcessEnd> {
  const { ctx, report, pause, graceMs, overtime } = around
  let result: Json | undefined
  let timedOut = false
  const stop = (): void => void process.stop(graceMs).catch(() => undefined)
  const timer =
    step.timeoutMs === undefined
      ? undefined
      : new PausableTimer(step.timeoutMs, () => {
          timedOut = true
          stop()
        })
  const stopPausing = pause.during({
    pause: () => {
      process.suspend()
      timer?.pause()
    },
    resume: () => {
      process.resume()
      timer?.resume()
    },
  })
  const signals = [ctx.signal, overtime]
  for (const signal of signals) {
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  }

  let midLine = false
  const onStdout = (text: string, end: LineEnd): void => {
    const marker = midLine || end !== 'end' ? undefined : readMarker(text, step.markers)
    midLine = end === 'continued'
    if (marker?.kind === 'progress') around.onProgress(marker.fraction, marker.message)
    else if (marker?.kind === 'result') result = masker.maskJson(marker.value)
    else report.line('stdout', text, end)
  }
  const lines = {
    stdout: new LineSplitter(masker, onStdout, step.pty ? withoutControls : undefined),
    stderr: new LineSplitter(masker, (text, end) => report.line('stderr', text, end)),
  }
  try {
    for await (const { stream, bytes } of process.output) {
      lines[stream].push(bytes)
      await around.room()
    }
    lines.stdout.end()
    lines.stderr.end()
    return { exit: await process.exit, timedOut, result }
  } catch (error) {
    void process.stop(0).catch(() => undefined)
    throw hostLossAsFailure(error)
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', stop)
    stopPausing()
    timer?.pause()
  }
}

/** A lost process host is no fault of the task: another attempt may help. */
function hostLossAsFailure(error: unknown): unknown {
  return error instanceof ProcessHostLostError ? new JobFailure('process_host_lost', error.message) : error
}
