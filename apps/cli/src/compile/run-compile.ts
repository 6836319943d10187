import type { CompileMetrics, Configuration } from '@headway/filters/compiler'
import { CommandError } from '../command-error.js'
import type { CompileFlags } from '../commands/compile.js'
import { EXIT } from '../exit-codes.js'
import { cleanLine } from '../text/clean.js'
import { colorsFor } from '../text/colors.js'
import { count } from '../text/count.js'
import { fineDuration } from '../text/duration.js'
import { StopSignals } from '../watch/stop-signals.js'
import { CompileDisplay } from './compile-display.js'
import { readConfiguration } from './configuration-file.js'
import { defaultConfiguration } from './default-configuration.js'
import type { CompileLevel } from './event-text.js'
import { openListFile, stdoutOutput } from './list-output.js'
import type { ListOutput } from './list-output.js'
import { createSourceLoader } from './load-source.js'

/** `headway compile`. @returns the exit code @throws CommandError */
export async function runCompile(flags: CompileFlags): Promise<number> {
  checkFlags(flags)
  const configuration = await configurationOf(flags)
  const loader = await createSourceLoader({
    cacheFolder: flags.cache,
    allowAddresses: flags.allowAddress ?? [],
    lastGood: flags.onSourceError === 'last-good',
  })
  const output = await outputOf(flags)
  const stop = new StopSignals(EXIT.cancelled)
  const display = displayOf(flags, configuration)
  let compiled: CompileMetrics
  try {
    const { compile, listText } = await import('@headway/filters/compiler')
    const { rules, metrics } = await compile(configuration, {
      on: display.on,
      signal: stop.asked,
      load: loader.load,
      onSourceError: flags.onSourceError === 'skip' ? 'skip' : 'fail',
      benchmark: flags.benchmark === true,
      // Signals and the bar have their turn between two pieces of work.
      pausePoint: () => new Promise((resolve) => setImmediate(resolve)),
    })
    await output.write(listText(rules), stop.asked)
    const sources = `${metrics.sourceCount} source${metrics.sourceCount === 1 ? '' : 's'}`
    const took = fineDuration(metrics.totalDurationMs)
    display.say({ level: 'info', text: `${count(rules.length)} lines from ${sources} in ${took}, written to ${output.name}` })
    compiled = metrics
  } catch (error) {
    if (!stop.asked.aborted) throw await explained(error, display.failedSource)
    display.say({ level: 'error', text: 'headway: cancelled; nothing was written' })
    return EXIT.cancelled
  } finally {
    display.close()
    stop.close()
    await output.close()
    await loader.close()
  }
  if (flags.benchmark === true) {
    const { benchmarkReport } = await import('./benchmark-report.js')
    process.stderr.write(`\n${benchmarkReport(compiled, performance.now())}\n`)
  }
  return EXIT.completed
}

/** @throws CommandError */
function checkFlags({ config, input = [], output, stdout, onSourceError, cache }: CompileFlags): void {
  const problem =
    config === undefined && input.length === 0
      ? 'Name a configuration with -c, or lists with -i.'
      : config !== undefined && input.length > 0
        ? 'There can be a configuration (-c) or lists (-i), not both.'
        : output === undefined && stdout !== true
          ? 'Say where the list goes: -o FILE, or --stdout.'
          : output !== undefined && stdout === true
            ? 'The list can go to a file (-o) or to the standard output (--stdout), not to both.'
            : onSourceError === 'last-good' && cache === undefined
              ? 'There are last good copies only with --cache FOLDER.'
              : undefined
  if (problem !== undefined) throw new CommandError(problem, EXIT.usage)
}

/** @throws CommandError that says what is wrong, and where */
async function configurationOf({ config, input = [], inputType }: CompileFlags): Promise<Configuration> {
  const file = config === undefined ? undefined : await readConfiguration(config)
  const { CompileError, validateConfiguration } = await import('@headway/filters/compiler')
  try {
    const value = file === undefined ? defaultConfiguration(input, inputType) : file.value
    return validateConfiguration(value, { places: { localFiles: true } })
  } catch (error) {
    if (!(error instanceof CompileError)) throw error
    const { explainConfiguration } = await import('./explain-configuration.js')
    throw explainConfiguration(file, error)
  }
}

function outputOf({ output }: CompileFlags): Promise<ListOutput> | ListOutput {
  return output === undefined ? stdoutOutput() : openListFile(output)
}

function displayOf({ quiet, verbose, color }: CompileFlags, { name, sources, transformations = [] }: Configuration): CompileDisplay {
  const { stderr } = process
  const levels: CompileLevel[] =
    quiet === true ? ['warn', 'error'] : verbose === true ? ['info', 'warn', 'error', 'debug'] : ['info', 'warn', 'error']
  const bar = quiet !== true && stderr.isTTY && process.env['TERM'] !== 'dumb'
  const steps = { sources: sources.length, transformations: new Set(transformations).size }
  return new CompileDisplay({ err: stderr, colors: colorsFor(stderr, color), name, levels: new Set(levels), bar, steps })
}

/** What can be foreseen, without its stack. @param source that failed */
async function explained(error: unknown, source: string | undefined): Promise<unknown> {
  const { CompileError } = await import('@headway/filters/compiler')
  if (!(error instanceof CompileError)) return error
  const { message, code } = error
  const named = source === undefined || message.includes(source) ? message : `${source}: ${message}`
  const hint = code === 'BLOCKED_ADDRESS' ? '\n--allow-address allows addresses of your own network.' : ''
  return new CommandError(`${cleanLine(named)} (${code})${hint}`, EXIT.failed)
}
