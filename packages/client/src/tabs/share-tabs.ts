import type { Downstream, Heard, Upstream } from '../connection/upstream.js'
import { channelName } from './channel-name.js'
import type { Runtime } from '../runtime.js'
import type { TabMessage } from './tab-messages.js'

export interface SharedOptions {
  /** Of this tab. */
  readonly id: string
  readonly baseUrl: string
  /** The same in all tabs that share. */
  readonly group: () => Promise<string | undefined>
  readonly runtime: Runtime
  readonly locks: Pick<LockManager, 'request'>
  readonly openChannel: (name: string) => BroadcastChannel
  /** The connections, if this tab is the one that has them. */
  readonly connect: (downstream: Downstream) => Upstream
}

/** After so much silence a tab asks whether there still is a leader, in milliseconds. */
const SILENCE_MS = 5000

/** One that does not answer within so many milliseconds hangs: another one takes its place. */
const ANSWER_MS = 3000

/** What is known of a leader's connection before it says so. */
const UNHEARD: Extract<TabMessage, { type: 'state' }> = { type: 'state', state: 'connecting', transport: undefined }

/**
 * One connection for all tabs of a browser. The tab that holds a lock leads: it has the connection, and hands on to the others what they want. When
 * it is closed the lock goes to the next one; when it hangs the lock is taken from it. A tab that is behind is told so, and reads what it
 * lacks by itself; what comes twice while the lead changes is dropped by those who take it. Where tabs can't share, each leads itself.
 */
export function shareTabs({ id, baseUrl, group, runtime, locks, openChannel, connect }: SharedOptions, downstream: Downstream): Upstream {
  const others = new Map<string, Extract<TabMessage, { type: 'wants' }>>()
  let channel: BroadcastChannel | undefined
  let lockName = ''
  let links: Upstream | undefined
  let heard = UNHEARD
  let isJoining = false
  let isPinged = false
  let stopWatch = (): void => undefined
  const leave = new AbortController()

  const isWanted = (): boolean => downstream.lists() || downstream.wants().length > 0
  const post = (message: TabMessage): void => channel?.postMessage(message)
  const postState = (): void => links && post({ type: 'state', state: links.state, transport: links.transport })

  /** Says what is wanted to whoever has the connection. */
  function update(): void {
    if (links) links.update()
    else post({ type: 'wants', tab: id, wants: downstream.wants(), lists: downstream.lists() })
    watch()
  }

  function handOn(messages: readonly Heard[]): void {
    const all = [...others.values()]
    const forOthers = messages.filter((message) =>
      all.some((tab) =>
        message.type === 'jobs.changed' ? tab.lists : 'jobId' in message && tab.wants.some(({ jobId }) => jobId === message.jobId),
      ),
    )
    if (forOthers.length > 0) post({ type: 'batch', messages: forOthers })
    downstream.take(messages)
  }

  function lead(): Promise<void> {
    // Granted too late.
    if (leave.signal.aborted) return Promise.resolve()
    links = connect({
      wants: () => [downstream.wants(), ...Array.from(others.values(), ({ wants }) => wants)].flat(),
      lists: () => downstream.lists() || [...others.values()].some((tab) => tab.lists),
      take: handOn,
      changed() {
        postState()
        downstream.changed()
      },
    })
    post({ type: 'lead' })
    update()
    downstream.changed()
    return new Promise((resolve) => leave.signal.addEventListener('abort', () => resolve()))
  }

  /** The lock was taken from this tab, because it seemed to hang; or it leaves. */
  function stepDown(): void {
    links?.close()
    links = undefined
    heard = UNHEARD
    others.clear()
    update()
    downstream.changed()
  }

  async function join(): Promise<void> {
    isJoining = true
    const { signal } = leave
    try {
      lockName = await channelName(baseUrl, await group())
      // Held for as long as this tab lives: that is how the others know.
      await new Promise<void>((resolve, reject) => {
        locks
          .request(`${lockName} ${id}`, { signal }, () => {
            resolve()
            return new Promise<void>((release) => signal.addEventListener('abort', () => release()))
          })
          .catch(reject)
      })
    } catch {
      void lead()
      return
    }
    channel = openChannel(lockName)
    channel.addEventListener('message', ({ data }: MessageEvent<TabMessage>) => hear(data))
    update()
    while (!signal.aborted) await locks.request(lockName, { signal }, lead).catch(stepDown)
  }

  function hear(message: TabMessage): void {
    const { type } = message
    if (type === 'wants' && links) {
      if (!others.has(message.tab)) {
        // Granted when that tab is gone.
        void locks
          .request(`${lockName} ${message.tab}`, { signal: leave.signal }, () => {
            others.delete(message.tab)
            if (links) update()
          })
          .catch(() => undefined)
        postState()
      }
      others.set(message.tab, message)
      update()
    }
    if (type === 'ping') postState()
    if (links) return
    if (type !== 'wants' && type !== 'ping') {
      isPinged = false
      watch()
    }
    if (type === 'lead') update()
    if (type === 'state') {
      heard = message
      downstream.changed()
    }
    if (type === 'batch') downstream.take(message.messages)
  }

  /** Sees to it that there is a leader. */
  function watch(): void {
    stopWatch()
    if (links || !channel || !isWanted()) return
    stopWatch = runtime.setTimer(
      () => {
        if (isPinged) void locks.request(lockName, { steal: true }, lead).catch(stepDown)
        else post({ type: 'ping' })
        isPinged = !isPinged
        watch()
      },
      isPinged ? ANSWER_MS : SILENCE_MS,
    )
  }

  return {
    get state() {
      return links ? links.state : isWanted() ? heard.state : 'closed'
    },
    get transport() {
      return (links ?? heard).transport
    },
    get leader() {
      return links !== undefined
    },
    update() {
      if (isJoining) update()
      else if (isWanted()) void join()
    },
    close() {
      update()
      leave.abort()
      stopWatch()
      stepDown()
      channel?.close()
      channel = undefined
    },
  }
}
