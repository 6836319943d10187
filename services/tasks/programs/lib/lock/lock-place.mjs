import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { Failure } from '../command-line.mjs'
import { ownIdentity } from './process-identity.mjs'
import { holderText, readTickets, removeTicket, STALE_MS, writeTicket } from './tickets.mjs'

/** How often a held lock is renewed, in milliseconds. */
const RENEW_MS = 20_000

/** Several who ask at the same time agree within this time, in milliseconds. */
const SETTLE_MS = 3000
const SETTLE_POLL_MS = 100

/** How often one who waits for a lock looks, in milliseconds. */
const WAIT_POLL_MS = 1000

/**
 * Makes sure that only one program at a time changes a place, on whatever machine it runs.
 *
 * Each who wants the lock writes a ticket of its own, then lists all tickets, and has the lock only when it is alone. Of two who ask at the same
 * time at least one sees the other, so both can't have it; the one with the smaller id stays, the other one withdraws. This needs nothing of
 * the place but that a list shows what was written before.
 *
 * @param {import('../storage/open-storage.mjs').Storage} storage
 * @param {{ program: string, waitMs?: number, signal: AbortSignal }} options
 * @returns {Promise<{ lost: AbortSignal, assertHeld: () => Promise<void>, release: () => Promise<void> }>} `lost` fires when another one has it
 *   all the same, because this one was not to be seen for too long
 * @throws {Failure} when somebody else has it, with who it is
 */
export async function lockPlace(storage, { program, waitMs = 0, signal }) {
  const ticket = { id: randomBytes(8).toString('hex'), program, since: new Date().toISOString(), held: false, ...ownIdentity() }
  const deadline = performance.now() + waitMs
  let told = false
  for (;;) {
    const rival = await tryToLock(storage, ticket, signal)
    if (rival === undefined) return keep(storage, ticket)
    const left = deadline - performance.now()
    if (left <= 0) {
      throw new Failure(`${storage.shown} is locked by ${holderText(rival)}. Wait until that has ended, for example with --wait-lock 10m.`)
    }
    if (!told) console.log(`Waiting for the lock of ${storage.shown}, which is held by ${holderText(rival)}.`)
    told = true
    await wait(Math.min(left, WAIT_POLL_MS), undefined, { signal })
  }
}

/** @returns who has the lock, or undefined when it is ours */
async function tryToLock(storage, ticket, signal) {
  const until = performance.now() + SETTLE_MS
  try {
    for (;;) {
      signal.throwIfAborted()
      await writeTicket(storage, ticket)
      const { own, others } = await readTickets(storage, ticket.id)
      if (own && others.length === 0) {
        await writeTicket(storage, { ...ticket, held: true })
        return undefined
      }
      const rival = others.find(({ held }) => held) ?? others.find(({ id }) => id < ticket.id)
      if (rival !== undefined || performance.now() > until) {
        await removeTicket(storage, ticket.id)
        return rival ?? others[0] ?? ticket
      }
      await wait(SETTLE_POLL_MS, undefined, { signal })
    }
  } catch (error) {
    await removeTicket(storage, ticket.id).catch(() => undefined)
    throw error
  }
}

/** Renews the ticket until it is given back. */
function keep(storage, ticket) {
  const held = { ...ticket, held: true }
  const lost = new AbortController()
  let renewedAt = performance.now()
  const lose = (why) => {
    const failure = new Failure(`The lock of ${storage.shown} was lost: ${why}.`)
    lost.abort(failure)
    return failure
  }
  const assertHeld = async () => {
    lost.signal.throwIfAborted()
    const { own, others } = await readTickets(storage, held.id)
    const rival = others.find((other) => other.held)
    if (rival !== undefined) throw lose(`it is held by ${holderText(rival)}`)
    if (!own) throw lose('it is gone from there')
  }
  const renew = async () => {
    try {
      await assertHeld()
      await writeTicket(storage, held)
      renewedAt = performance.now()
    } catch (error) {
      if (!lost.signal.aborted && performance.now() - renewedAt > STALE_MS / 2) lose(`it could not be renewed: ${error.message}`)
    }
  }
  let renewing = Promise.resolve()
  const timer = setInterval(() => (renewing = renewing.then(renew)), RENEW_MS)
  timer.unref()
  return {
    lost: lost.signal,
    assertHeld,
    async release() {
      clearInterval(timer)
      await renewing
      await removeTicket(storage, held.id)
    },
  }
}
