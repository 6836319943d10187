import { openApi } from '../api/api.js'
import type { RunFlags } from '../commands/run.js'
import { flagDuration } from '../text/flag-duration.js'
import { StopSignals } from '../watch/stop-signals.js'
import { createOnce } from './create-once.js'
import { goOnWith } from './created.js'
import { parametersOf, parseParams } from './parameters.js'
import { typeSchema } from './type-schema.js'

/** `headway run`. @returns the exit code @throws CommandError */
export async function runJob(type: string, flags: RunFlags): Promise<number> {
  // What is wrong here is told before anything is asked of the server.
  flagDuration('--give-up-after', flags.giveUpAfter)
  const params = parseParams(flags.param ?? [])
  const whole = await parametersOf(flags.paramsJson)
  const api = await openApi(flags)
  const schema = params.some(({ json }) => json === undefined) ? await typeSchema(api, type) : undefined
  const input = { ...whole, ...Object.fromEntries(params.map((param) => [param.name, param.valueFor(schema)])) }
  const stop = new StopSignals()
  try {
    const job = await createOnce(api, `jobs/${encodeURIComponent(type)}`, input, flags.idempotencyKey)
    return await goOnWith(api, job, stop, flags)
  } finally {
    stop.close()
  }
}
