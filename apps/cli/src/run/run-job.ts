import { randomUUID } from 'node:crypto'
import { createdJobSchema } from '@headway/protocol'
import type { Job, Json } from '@headway/protocol'
import { openApi } from '../api/api.js'
import type { Api } from '../api/api.js'
import { UnreachableError } from '../api/errors.js'
import type { RunFlags } from '../commands/run.js'
import { flagDuration } from '../text/flag-duration.js'
import { StopSignals } from '../watch/stop-signals.js'
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
    const job = await create(api, type, input, flags.idempotencyKey ?? randomUUID())
    return await goOnWith(api, job, stop, flags)
  } finally {
    stop.close()
  }
}

/** With its key the request may be sent again, however the first one ended. */
async function create(api: Api, type: string, input: Readonly<Record<string, Json | undefined>>, key: string): Promise<Job> {
  try {
    const { job } = await api.request(`jobs/${encodeURIComponent(type)}`, createdJobSchema, {
      method: 'POST',
      body: input,
      headers: { 'Idempotency-Key': key },
      repeatable: true,
    })
    return job
  } catch (error) {
    if (!(error instanceof UnreachableError) || !error.mayHaveArrived) throw error
    const again = `Whether the job was created is not known; the same command with --idempotency-key ${key} makes no second one.`
    throw new UnreachableError(`${error.message}\n${again}`, true)
  }
}
