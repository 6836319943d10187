import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

/** The environment variable that marks everything that a run of a job started: `job:epoch`. */
export const RUN_VARIABLE = 'HEADWAY_RUN'

/** How long a killed process may take to leave the process table, in milliseconds. */
export const KILL_WAIT_MS = 5_000

const POLL_MS = 10

/** How often it is looked again for the mark of processes that have no environment. */
const MAX_LOOKS_AGAIN = 10

/** A living process that carries the mark of a run. */
export interface MarkedProcess {
  readonly pid: number
  readonly run: string
  readonly session: number
}

interface ProcessState {
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly session: number
}

/**
 * Every living process that carries `HEADWAY_RUN`, but this one. Only on Linux: elsewhere there is no /proc and the answer is empty. A
 * process that overwrote its environment, or that another user owns, is not seen.
 */
export function markedProcesses(): MarkedProcess[] {
  return lookAtAll().marked
}

/** What one look at all processes but this one shows. */
interface Look {
  readonly marked: MarkedProcess[]
  /**
   * A process may be just starting a program: for a moment it has no environment then, and so no mark. There are others without one, which is
   * why nobody waits for them for long.
   */
  readonly someAreStarting: boolean
}

function lookAtAll(): Look {
  const marked: MarkedProcess[] = []
  let someAreStarting = false
  for (const pid of processIds()) {
    const environment = pid === process.pid ? undefined : readProc(pid, 'environ')
    if (environment === undefined) continue
    const run = markIn(environment)
    if (run === undefined && environment !== '') continue
    const state = stateOf(pid)
    if (state === undefined || isDead(state)) continue
    if (run !== undefined) marked.push({ pid, run, session: state.session })
    else if (!isOfKernel(state)) someAreStarting = true
  }
  return { marked, someAreStarting }
}

/** Whether a process group has a member that is alive. Zombies, which a lazy init may leave for long, are not. */
export function groupIsAlive(group: number): boolean {
  if (!signal(-group, 0)) return false
  const pids = processIds()
  if (pids.length === 0) return true
  return pids.some((pid) => {
    const state = stateOf(pid)
    return state?.group === group && !isDead(state)
  })
}

/** Sends a signal to a process, or with a negative number to a group. False: there is no such process, or it is not ours. */
export function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name)
  } catch {
    return false
  }
}

/**
 * Signals those marked processes that still carry their mark: ids are reused, so it is read again right before. Gives the ids it reached.
 */
export function signalMarked(processes: readonly MarkedProcess[], name: NodeJS.Signals): number[] {
  return processes.filter(({ pid, run }) => runOf(pid) === run && signal(pid, name)).map(({ pid }) => pid)
}

/**
 * Kills what earlier runs left behind: every process whose `HEADWAY_RUN` (`job:epoch`) the caller calls a leftover. Resolves when they are
 * gone, or after 5 seconds, with their number. Only on Linux; elsewhere it finds nothing.
 */
export async function killLeftovers(isLeftover: (run: string) => boolean): Promise<number> {
  const killed = new Set<number>()
  const giveUpAt = performance.now() + KILL_WAIT_MS
  let quietLooks = 0
  for (;;) {
    const { marked, someAreStarting } = lookAtAll()
    const left = marked.filter(({ run }) => isLeftover(run))
    for (const pid of signalMarked(left, 'SIGKILL')) killed.add(pid)
    quietLooks = left.length === 0 ? quietLooks + 1 : 0
    const done = quietLooks > MAX_LOOKS_AGAIN || (quietLooks > 0 && !someAreStarting)
    if (done || performance.now() > giveUpAt) return killed.size
    await wait(POLL_MS)
  }
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
  } catch {
    return []
  }
}

/** Threads of the kernel have it, or the first of them, as their parent. */
function isOfKernel({ parent }: ProcessState): boolean {
  return parent === 0 || parent === 2
}

/** The mark of a process. Undefined also when the process has ended: a zombie's environment is empty. */
function runOf(pid: number): string | undefined {
  const environment = readProc(pid, 'environ')
  return environment === undefined ? undefined : markIn(environment)
}

function markIn(environment: string): string | undefined {
  const name = `${RUN_VARIABLE}=`
  const at = environment.startsWith(name) ? 0 : environment.indexOf(`\0${name}`) + 1
  if (at === 0 && !environment.startsWith(name)) return undefined
  const end = environment.indexOf('\0', at)
  return environment.slice(at + name.length, end === -1 ? undefined : end)
}

function stateOf(pid: number): ProcessState | undefined {
  const text = readProc(pid, 'stat')
  if (text === undefined) return undefined
  // `pid (name) state ppid group session ...`; a name may hold spaces and brackets.
  const [state, parent, group, session] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return state === undefined ? undefined : { state, parent: Number(parent), group: Number(group), session: Number(session) }
}

function isDead({ state }: ProcessState): boolean {
  return state === 'Z' || state === 'X'
}

function readProc(pid: number, file: 'environ' | 'stat'): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return undefined
  }
}
