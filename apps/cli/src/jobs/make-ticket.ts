import { ticketSchema } from '@headway/protocol'
import { openApi } from '../api/api.js'
import { findJob } from '../api/find-job.js'
import type { TokenFlags } from '../commands/token.js'
import { cleanLine } from '../text/clean.js'

/** Prints the URL on the standard output, and how to use it on the other. @throws CommandError */
export async function makeTicket(text: string, flags: TokenFlags): Promise<void> {
  const api = await openApi(flags)
  const { id } = await findJob(api, text)
  const ticket = await api.request(`jobs/${id}/ticket`, ticketSchema, { method: 'POST', repeatable: true })
  if (flags.json === true) {
    process.stdout.write(`${JSON.stringify(ticket)}\n`)
    return
  }
  const url = cleanLine(ticket.eventsUrl)
  process.stdout.write(`${url}\n`)
  process.stderr.write(
    `It reads this job's log and nothing else, until ${cleanLine(ticket.expiresAt)}. Whoever has it can. Try:\n  curl -N -H 'Accept: text/event-stream' '${url}'\n`,
  )
}
