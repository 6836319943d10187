import { fork } from 'node:child_process'
import { once } from 'node:events'

/** Longer than this nothing here takes. In milliseconds. */
const CALL_TIMEOUT_MS = 600_000
const STOP_TIMEOUT_MS = 10_000

/** Where profiles of the servers go, for each thread; absent: none are made. */
let profiles

/** Makes every server that starts from now on write what its threads did into this folder. */
export function profileInto(folder) {
  profiles = folder
}

/**
 * Starts a program of this folder as a process of its own. It answers calls (see agent.mjs), and ends when it is stopped or when this process ends.
 *
 * @param path relative to the folder `benchmarks`
 * @param env more variables of its environment
 */
export function startChild(path, env = {}) {
  const profiled = profiles !== undefined && path.startsWith('servers/')
  const execArgv = ['--expose-gc', ...(profiled ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [])]
  const child = fork(new URL(`../${path}`, import.meta.url), { execArgv, serialization: 'advanced', env: { ...process.env, ...env } })
  const waiting = new Map()
  let lastId = 0
  const exited = once(child, 'exit')
  child.on('message', ({ id, result, error }) => {
    const { resolve, reject } = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) resolve(result)
    else reject(new Error(`${path}: ${error}`))
  })
  void exited.then(([code, signal]) => {
    for (const { reject } of waiting.values()) reject(new Error(`${path} ended (${signal ?? code}).`))
  })
  return {
    pid: child.pid,
    /** Calls one of the program's functions. @throws Error when it throws, ends, or gives no answer in time */
    async call(name, args = {}) {
      const id = ++lastId
      let timer
      try {
        return await new Promise((resolve, reject) => {
          waiting.set(id, { resolve, reject })
          timer = setTimeout(() => reject(new Error(`${path}: no answer to ${name}.`)), CALL_TIMEOUT_MS)
          child.send({ id, name, args })
        })
      } finally {
        clearTimeout(timer)
      }
    },
    /** Asks it to end, and kills it when it does not. */
    async stop() {
      const kill = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS)
      if (child.connected) child.disconnect()
      await exited
      clearTimeout(kill)
    },
  }
}

/** Starts programs, hands them to `use`, and stops them whatever comes of it. `env` has more variables of their environment. */
export async function withChildren(paths, use, env) {
  const children = paths.map((path) => startChild(path, env))
  try {
    return await use(...children)
  } finally {
    await Promise.all(children.map((child) => child.stop()))
  }
}
