import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

/**
 * Starts `headway serve` as it ships, at a port of its own.
 *
 * @param {Record<string, string>} env its settings
 * @returns `url` without a slash at the end; `watchDelay()`, and `delay()` of its event loop since then in milliseconds; `stop()`
 * @throws {Error} when it does not start, with what it said
 */
export async function startRealServer(env) {
  const child = fork(path('apps/cli/bin/headway.mjs'), ['serve'], {
    execArgv: ['--require', path('benchmarks/programs/say-delay.cjs')],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, PORT: '0', ...env },
  })
  const exited = once(child, 'exit')
  const url = await addressOf(child, exited)
  const ask = async (what) => {
    child.send(what)
    const [answer] = await once(child, 'message')
    return answer
  }
  return {
    url,
    watchDelay: () => ask('watch'),
    delay: () => ask('delay'),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

async function addressOf(child, exited) {
  let said = ''
  const address = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        said = (said + text).slice(-10_000)
        const [, found] = /listens at (http:\S+?)\/?\n/.exec(said) ?? []
        if (found !== undefined) resolve(found)
      })
    }
  })
  const ended = exited.then(() => {
    throw new Error(`headway serve ended: ${said}`)
  })
  // It ends at last, when nobody waits for the address any more.
  ended.catch(() => undefined)
  return Promise.race([address, ended])
}
