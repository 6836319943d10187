import type { JobId, Seq, ServerMessage } from '@headway/protocol'
import { createBackoff } from '../backoff.js'
import type { Shown } from '../credentials.js'
import { HeadwayClientError, isRefusal, silent } from '../errors.js'
import type { Runtime } from '../runtime.js'
import type { Server } from '../server.js'
import type { ConnectionState, Transport as TransportName } from '../types.js'
import type { TransportChooser } from './choose-transport.js'
import { nextState } from './connection-state.js'
import type { ConnectionSignal } from './connection-state.js'
import { FIRST_MESSAGE_MS, seqOf } from './transport.js'
import type { Line, Transport, Want } from './transport.js'
import type { Downstream, Heard } from './upstream.js'

/** What links of one client share. */
export interface LinkOptions extends Pick<Downstream, 'take' | 'changed'> {
  readonly server: Server
  readonly runtime: Runtime
  readonly chooser: TransportChooser
  readonly transports: Readonly<Record<TransportName, Transport>>
  /** Takes a job that was left out, because the server takes fewer on one connection. */
  readonly overflow: (place: Place) => void
}

/** How far a job has come over a link. */
export interface Place {
  want: Want
  /** Where its log ends, as far as is known; undefined before the server told it. */
  head?: Seq
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

/** A heartbeat may be late by as much as one and a half of its periods. */
const LATE = 2.5

/** The heartbeat of a server that did not say it, in milliseconds. */
const HEARTBEAT_MS = 30_000

/** A connection that held for so long was a good one, in milliseconds. */
const GOOD_MS = 5000

/** A connection that held for so long shows that the network is another one: the best transport is tried again, in milliseconds. */
const SPELL_MS = 60_000

/** Changes of what is wanted within so long are passed on together, in milliseconds. */
const CHANGE_MS = 100

/** So long a job rests that the server can not send now, in milliseconds. */
const REST_MS = 2000

/** How many jobs a connection may carry, until the server says. */
const ROOM = 100

/** Errors of a job that pass. */
const PASSING = ['RATE_LIMIT_EXCEEDED', 'OVERLOADED', 'SHUTTING_DOWN', 'STORE_UNAVAILABLE', 'INTERNAL_ERROR', 'TOO_MANY_JOBS']

export function createLink({ server, runtime, chooser, transports, take, changed, overflow }: LinkOptions): Link {
  const places = new Map<JobId, Place>()
  /** The news of lists, which may be refused as a job may. */
  const listing: Place = { want: { jobId: '', after: 0 } }
  const backoff = createBackoff(runtime)
  let name: TransportName | undefined
  let isRunning = false
  let heartbeatMs = HEARTBEAT_MS
  let shown: Shown | undefined
  /** Of the attempt that is under way: when the server was heard first and last, and what ends it. */
  let firstHeard = 0
  let lastHeard = 0
  let lateAt = 0
  let end: (error?: unknown) => void = () => undefined
  let stopWatch: () => void = () => undefined
  let endPause: () => void = () => undefined
  let isChanging = false

  const asked = (): readonly Place[] => [...places.values(), ...(link.lists ? [listing] : [])]
  const isWanted = (): boolean => asked().some(({ isOver }) => !isOver)
  const isOpen = ({ isOver, isResting }: Place): boolean => !isOver && !isResting

  const line: Line = {
    server,
    wants: () => [...places.values()].filter(isOpen).map(({ want }) => want),
    lists: () => link.lists && isOpen(listing),
    carried: new Set(),
    changed: () => undefined,
    take(messages) {
      lastHeard = runtime.now()
      // It was opened with what is shown now.
      if (!firstHeard) shown = server.credentials.show()
      firstHeard ||= lastHeard
      chooser.worked()
      const wanted = messages.flatMap(accept)
      line.expect(heartbeatMs * LATE)
      signal('heard')
      if (wanted.length > 0) take(wanted)
      if (!isWanted()) end()
    },
    expect(ms) {
      stopWatch()
      lateAt = runtime.now() + ms
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
    for (const [jobId, place] of [...places].slice(most)) {
      places.delete(jobId)
      overflow(place)
    }
  }

  /** Notes what a message says of its job's place. @returns it, where it is for those who follow the job */
  function accept(message: ServerMessage): Heard | [] {
    const { type } = message
    if (type === 'welcome') {
      heartbeatMs = message.heartbeatMs
      carry(message.maxJobs)
    }
    if (type === 'jobs.changed') return message
    const jobId = ('jobId' in message && message.jobId) || ''
    const place = jobId ? places.get(jobId) : listing
    if (type === 'error') return place ? refuse(message, place) : []
    // What the server no longer sends is asked for again where it is still wanted.
    if (type === 'end' || type === 'detached') line.carried.delete(jobId)
    if (type === 'detached') link.update()
    if (!place || !('seq' in message || 'after' in message)) return []
    const isReset = type === 'reset'
    const head = 'head' in message ? message.head : message.seq
    place.isRefreshed = false
    place.isOver ||= type === 'end' || (isReset && message.reason === 'pruned')
    // A reset may go back.
    place.head = isReset ? head : Math.max(place.head ?? 0, head)
    place.want = { ...place.want, after: isReset ? message.after : Math.max(place.want.after, seqOf(message)) }
    return message
  }

  function refuse(message: Extract<ServerMessage, { type: 'error' }>, place: Place): Heard | [] {
    const { code } = message
    const { jobId, token } = place.want
    if (code.endsWith('ATTACHED')) return []
    line.carried.delete(jobId)
    if (PASSING.includes(code)) {
      place.isResting = true
      runtime.setTimer(() => {
        place.isResting = false
        link.update()
      }, REST_MS)
      return []
    }
    const isOld = code === 'TOKEN_EXPIRED' || code === 'UNAUTHORIZED'
    if (isOld && token === undefined && !place.isRefreshed && server.credentials.refresh(shown)) {
      place.isRefreshed = true
      // To be opened with the fresh one.
      end()
      return []
    }
    place.isOver = true
    places.delete(jobId)
    return { ...message, token }
  }

  /** Connects and stays until that ends. @returns after how many milliseconds to come back, where the server said so */
  async function connect(): Promise<number | undefined> {
    const connection = new AbortController()
    name = chooser.next()
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
      if (runtime.now() > lateAt) breakOff()
    })
    while (isWanted()) {
      let waitMs: number | undefined
      try {
        waitMs = await connect()
      } catch (error) {
        const known = error instanceof HeadwayClientError ? error : new HeadwayClientError('BROKEN_OFF', String(error))
        const { status, code } = known
        waitMs = known.retryAfterMs
        // It does not say how many jobs it takes before it takes them.
        if (status === 400 && places.size > 1) {
          carry(places.size >> 1)
          continue
        }
        const isReached = code !== 'NETWORK_ERROR' && code !== 'NO_CREDENTIAL' && (status === undefined || isRefusal(status))
        const isToEnd = isRefusal(status) || (code === 'UNUSABLE' && lastHeard === 0)
        if (firstHeard === 0 && (status === 401 || status === 403 || !chooser.failed(name ?? 'poll', isReached)) && isToEnd) giveUp(known)
      }
      if (!isWanted()) break
      signal('lost')
      const heldMs = firstHeard && lastHeard - firstHeard
      if (heldMs > GOOD_MS) backoff.reset()
      if (heldMs > SPELL_MS) chooser.again()
      const pause = new AbortController()
      endPause = () => pause.abort()
      await backoff.pause(pause.signal, asked().some(isOpen) ? waitMs : REST_MS)
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
    listing.isOver = true
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
      if (!link.lists) listing.isOver = false
      if (!isWanted()) {
        end()
        endPause()
      } else if (!isRunning) void run()
      else if (!isChanging) {
        isChanging = true
        runtime.setTimer(() => {
          isChanging = false
          line.changed()
        }, CHANGE_MS)
      }
    },
  }
  return link
}
