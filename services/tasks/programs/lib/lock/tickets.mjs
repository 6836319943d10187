import { isPart } from '../storage/part-name.mjs'
import { isRunning } from './process-identity.mjs'

/** The folder of a target that holds its lock. */
const FOLDER = '.headway'

/** A ticket that was not renewed for so long belongs to nobody. In milliseconds, by the target's own clock. */
export const STALE_MS = 120_000

const MAX_TICKET_BYTES = 4096

/**
 * One who holds a lock or asks for it, as a small file on the target.
 *
 * @typedef {{ id: string, program: string, since: string, held: boolean } & import('./process-identity.mjs').ProcessIdentity} Ticket
 */

const pathOf = (id) => `${FOLDER}/lock-${id}.json`

/** A ticket needs not outlast a loss of power: its holder does not either. @param {Ticket} ticket */
export async function writeTicket(storage, ticket) {
  await storage.write(pathOf(ticket.id), `${JSON.stringify(ticket)}\n`, { durable: false })
}

/** Gives back what a ticket holds; one that is gone already is no error. */
export async function removeTicket(storage, id) {
  await storage.remove(pathOf(id))
}

/**
 * The tickets on a target, without those that belong to nobody; these are removed.
 *
 * @param {import('../storage/open-storage.mjs').Storage} storage
 * @param {string} ownId
 * @returns {Promise<{ own: boolean, others: Ticket[] }>} `own`: whether one's own is there
 */
export async function readTickets(storage, ownId) {
  const listed = await storage.list(FOLDER)
  const own = listed.find(({ path }) => `${FOLDER}/${path}` === pathOf(ownId))
  const others = []
  for (const { path, modifiedMs } of listed) {
    const id = /^lock-(.+)\.json$/.exec(path)?.[1]
    const isOld = own !== undefined && own.modifiedMs - modifiedMs > STALE_MS
    if (id !== undefined && id !== ownId) {
      const ticket = await readTicket(storage, id)
      if (ticket === undefined) continue
      if (isStale(ticket, isOld)) await removeTicket(storage, id)
      else others.push(ticket)
    } else if (isPart(path) && isOld) await storage.remove(`${FOLDER}/${path}`)
  }
  return { own: own !== undefined, others }
}

/** A paused process on this machine keeps its lock, however old its ticket is; of one elsewhere, or one that is hidden, only the age is known. */
function isStale(ticket, isOld) {
  const running = isRunning(ticket)
  return running === undefined ? isOld : !running
}

async function readTicket(storage, id) {
  const bytes = await storage.read(pathOf(id), MAX_TICKET_BYTES)
  if (bytes === undefined) return undefined
  const unknown = {
    id,
    program: 'an unknown program',
    since: 'an unknown time',
    held: true,
    host: 'unknown',
    scope: '',
    pid: 0,
    startedAt: '',
  }
  try {
    return { ...unknown, ...JSON.parse(bytes.toString()), id }
  } catch {
    // Somebody's lock all the same: it counts until it is old.
    return unknown
  }
}

/** Who it is, for people. */
export function holderText({ program, host, pid, since }) {
  return `${program} on ${host}, process ${pid}, since ${since}`
}
