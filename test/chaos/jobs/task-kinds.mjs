import { checkLines, checkOnce, scriptInput } from './own-kinds.mjs'

/** The task types that the real server is given, and what their logs must say in the end. */

/** What `onCrash: rerun` allows. */
const MAX_RECOVERIES = 10

const STEPS = ['first', 'second', 'third']

const task = (name, more) => ({
  name,
  request: (key, random) => ({ path: random.pick([`/api/tasks/${name}`, `/jobs/${name}`]), body: shortened(scriptInput(key, random)) }),
  idOf: (answer) => answer.taskId ?? answer.job.id,
  labelOf: (job) => job.input.label,
  pausable: true,
  ...more,
})

/** A script that is lost ten times in a row is given up: it must be done in less time than rounds take. */
const shortened = (input) => ({ ...input, lines: Math.ceil(input.lines / 2) })

export const TASK_KINDS = [
  task('once', { weight: 2, maxRecoveries: 0, check: checkOnce }),
  task('again', { weight: 3, isScript: true, maxRecoveries: MAX_RECOVERIES, check: checkLines }),
  task('steps', { weight: 3, maxRecoveries: MAX_RECOVERIES, check: checkSteps }),
]

/** Each step succeeded once in the result, and a step that is done is not begun again after a later one has. */
function checkSteps({ events, status, shown }) {
  const problems = []
  let last = 0
  for (const { type, data, seq } of events) {
    const begun = type === 'line' && data.level === 'info' ? STEPS.indexOf(/^Executing: (\w+) /.exec(data.message)?.[1]) : -1
    if (begun === -1) continue
    if (begun < last) problems.push(`event ${seq} begins step ${STEPS[begun]} after ${STEPS[last]} was begun`)
    last = begun
  }
  const names = shown.result?.results?.map(({ name, success }) => success && name)
  if (status === 'completed' && names.join() !== STEPS.join()) problems.push(`it completed with the steps ${names.join()}`)
  return problems
}

/**
 * The task file, as an object that is JSON and thereby YAML.
 *
 * @param {{ mark: string, workFolder: string, program: (name: string) => string }} options `program` gives the path of one
 */
export function taskFile({ mark, workFolder, program }) {
  const params = {
    type: 'object',
    required: ['label', 'lines', 'pauseMs', 'manner'],
    properties: {
      label: { type: 'string' },
      lines: { type: 'integer' },
      pauseMs: { type: 'integer' },
      manner: { type: 'string' },
    },
  }
  const step = (name) => ({
    name,
    run: ['node', program('script'), workFolder, '{lines}', '{pauseMs}', '{manner}'],
    env: { CHAOS_MARK: mark },
  })
  const again = { params, grace: '300ms', onCrash: 'rerun', retry: { attempts: 100, delay: '10ms' } }
  return {
    types: {
      once: { params, grace: '300ms', steps: [step('only')] },
      again: { ...again, steps: [step('only')] },
      steps: { ...again, steps: STEPS.map(step) },
      family: { grace: '700ms', steps: [{ name: 'all', run: ['node', program('family')], env: { CHAOS_MARK: mark } }] },
      flood: {
        params: {
          type: 'object',
          required: ['goFile', 'lines', 'size'],
          properties: { goFile: { type: 'string' }, lines: { type: 'integer' }, size: { type: 'integer' } },
        },
        steps: [{ name: 'all', run: ['node', program('flood'), '{goFile}', '{lines}', '{size}'] }],
      },
    },
  }
}
