import type { JobId, ServerMessage } from '@headway/protocol'
import { createBackoff } from '../backoff.js'
import type { Shown } from '../credentials.js'
import { isRefusal, silent } from '../errors.js'
import type { HeadwayClientError } from '../errors.js'
import type { Runtime } from '../runtime.js'
import type { Server } from '../server.js'
import type { ConnectionState, Transport as TransportName } from '../types.js'
import type { TransportChooser } from './choose-transport.js'
import { nextState } from './connection-state.js'
import type { ConnectionSignal } from './connection-state.js'
import { seqOf } from './transport.js'
import type { Line, Transport, Want } from './transport.js'

/** What links of one client share. */
export interface LinkOptions {
  readonly server: Server
  readonly runtime: Runtime
  readonly chooser: TransportChooser
  readonly transports: Readonly<Record<TransportName, Transport>>
  /** Messages of wanted jobs; an `error` is the last of its job. */
  readonly take: (messages: readonly ServerMessage[]) => void
  readonly changed: () => void
  /** Some jobs were left out, because the server takes fewer on one connection. */
  readonly overflow: () => void
}

/** How far a job has come over a link. */
interface Place {
  want: Want
  isOver?: boolean
  /** Left out for a while, because the server can not do it now. */
  isResting?: boolean
  /** A fresh credential was got for it. */
  isRefreshed?: boolean
}

/** One connection to the server, which comes back by itself for as long as something is wanted of it. */
export interface Link {
  state: ConnectionState
  /** While it is live. */
  readonly transport: TransportName | undefined
  readonly places: Map<JobId, Place>
  /** How many jobs it may carry. */
  room: number
  lists: boolean
  /** What is wanted has changed. */
  update(): void
}

/** How long the first message may take before the transport is given up, in milliseconds. */
const FIRST_MESSAGE_MS = 6000

/** A heartbeat may be late by as much as one and a half of its periods. */
const LATE = 2.5

/** The heartbeat of a server that did not say it, in milliseconds. */
const HEARTBEAT_MS = 30_000

/** A connection that held for so long was a good one, in milliseconds. */
const GOOD_MS = 5000

/** So long a job rests that the server can not send now, in milliseconds. */
const REST_MS = 2000

/** How many jobs a connection may carry, until the server says. */
const ROOM = 100

/** Messages that tell readers of a job where it is. */
const NEWS = ['event', 'attached', 'end', 'reset']

/** Errors of a job that pass. */
const PASSING = ['RATE_LIMIT_EXCEEDED', 'OVERLOADED', 'SHUTTING_DOWN', 'STORE_UNAVAILABLE', 'INTERNAL_ERROR', 'TOO_MANY_JOBS']

export function createLink({ server, runtime, chooser, transports, take, changed, overflow }: LinkOptions): Link {
  const places = new Map<JobId, Place>()
  const backoff = createBackoff(runtime)
  let name: TransportName | undefined
  let isRunning = false
  let heartbeatMs = HEARTBEAT_MS
  let shown: Shown | undefined
  /** Of the attempt that is under way: when the server was heard first and last, and what ends it. */
  let firstHeard = 0
  let lastHeard = 0
  let end: (error?: unknown) => void = () => undefined
  let stopWatch: () => void = () => undefined
  let endPause: () => void = () => undefined

  const line: Line = {
    server,
    wants: () => [...places.values()].filter((place) => !place.isOver && !place.isResting).map(({ want }) => want),
    lists: () => link.lists,
    changed: () => undefined,
    take(messages) {
      lastHeard = runtime.now()
      firstHeard ||= lastHeard
      chooser.worked()
      const wanted = messages.filter(accept)
      line.expect(heartbeatMs * LATE)
      signal('heard')
      if (wanted.length > 0) take(wanted)
    },
    expect(ms) {
      stopWatch()
      stopWatch = runtime.setTimer(breakOff, ms)
    },
  }

  function breakOff(): void {
    end(silent())
  }

  function signal(what: ConnectionSignal): void {
    const before = link.state
    link.state = nextState(before, what)
    if (link.state !== before) changed()
  }

  /** Leaves out what is more than the server takes. */
  function carry(most: number): void {
    link.room = most
    for (const jobId of [...places.keys()].slice(most)) {
      places.delete(jobId)
      overflow()
    }
  }

  const isWanted = (): boolean => link.lists || [...places.values()].some((place) => !place.isOver)

  /** Notes what a message says of its job's place. @returns whether it is for those who follow the job */
  function accept(message: ServerMessage): boolean {
    const { type } = message
    if (type === 'welcome') {
      heartbeatMs = message.heartbeatMs
      carry(message.maxJobs)
    }
    if (type === 'jobs.changed') return true
    const place = places.get(('jobId' in message && message.jobId) || '')
    if (!place) return false
    if (type === 'error') return isFinal(place, message)
    if (!NEWS.includes(type)) return false
    place.isRefreshed = false
    place.isOver ||= type === 'end' || (type === 'reset' && message.reason === 'pruned')
    // A reset may go back.
    place.want = { ...place.want, after: type === 'reset' ? message.after : Math.max(place.want.after, seqOf(message)) }
    return true
  }

  function isFinal(place: Place, { code }: { readonly code: string }): boolean {
    if (code.endsWith('ATTACHED')) return false
    if (PASSING.includes(code)) {
      place.isResting = true
      runtime.setTimer(() => {
        place.isResting = false
        line.changed()
      }, REST_MS)
      return false
    }
    const isOld = code === 'TOKEN_EXPIRED' || code === 'UNAUTHORIZED'
    if (isOld && place.want.token === undefined && !place.isRefreshed && server.credentials.refresh(shown)) {
      place.isRefreshed = true
      // To be opened with the fresh one.
      end()
      return false
    }
    places.delete(place.want.jobId)
    return true
  }

  /** Connects and stays until that ends. @returns after how many milliseconds to come back, where the server said so */
  async function connect(): Promise<number | undefined> {
    const connection = new AbortController()
    name = chooser.next()
    shown = server.credentials.show()
    firstHeard = 0
    line.changed = () => undefined
    line.expect(FIRST_MESSAGE_MS)
    try {
      return await new Promise((resolve, reject) => {
        end = (error) => (error === undefined ? resolve(undefined) : reject(error))
        transports[name ?? 'poll'](line, connection.signal).then(resolve, reject)
      })
    } finally {
      stopWatch()
      connection.abort()
      end = () => undefined
    }
  }

  async function run(): Promise<void> {
    isRunning = true
    signal('open')
    const stopWaking = runtime.onWake(() => {
      endPause()
      if (runtime.now() - lastHeard > heartbeatMs * LATE) breakOff()
    })
    let isRefreshed = false
    while (isWanted()) {
      let waitMs: number | undefined
      try {
        waitMs = await connect()
        isRefreshed &&= firstHeard === 0
      } catch (error) {
        const { status, retryAfterMs, code } = error as HeadwayClientError
        waitMs = retryAfterMs
        if (status === 401 && !isRefreshed && server.credentials.refresh(shown)) {
          isRefreshed = true
          continue
        }
        // It does not say how many jobs it takes before it takes them.
        if (status === 400 && places.size > 1) {
          carry(places.size >> 1)
          continue
        }
        const isKnown = status === 401 || status === 403
        const isReached = code !== 'NETWORK_ERROR' && code !== 'NO_CREDENTIAL' && (status === undefined || isRefusal(status))
        if (firstHeard === 0 && (isKnown || !chooser.failed(name ?? 'poll', isReached)) && isRefusal(status))
          giveUp(error as HeadwayClientError)
      }
      if (!isWanted()) break
      signal('lost')
      if (firstHeard > 0 && lastHeard - firstHeard > GOOD_MS) backoff.reset()
      const pause = new AbortController()
      endPause = () => pause.abort()
      await backoff.pause(pause.signal, waitMs)
    }
    stopWaking()
    isRunning = false
    name = undefined
    signal('close')
    // Wanted again while it was closing.
    if (isWanted()) void run()
  }

  function giveUp({ code, message }: HeadwayClientError): void {
    const refused = [...places.keys()]
    places.clear()
    link.lists = false
    take(refused.map((jobId) => ({ type: 'error', jobId, code, message })))
  }

  const link: Link = {
    places,
    state: 'closed',
    room: ROOM,
    lists: false,
    get transport() {
      return link.state === 'live' ? name : undefined
    },
    update() {
      if (!isWanted()) {
        end()
        endPause()
      } else if (isRunning) line.changed()
      else void run()
    },
  }
  return link
}
