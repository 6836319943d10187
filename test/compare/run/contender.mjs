import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { fetchPeer } from '../../../scripts/fetch-peer.mjs'

/** A compilation of a case takes no longer; those of real lists say their own. In milliseconds. */
const TIMEOUT_MS = 20_000

/** The peer, installed where it is not there yet. */
export const startPeer = () => startContender('peer-process.mjs', [fetchPeer().folder])
export const startOurs = () => startContender('ours-process.mjs', [])

/**
 * A process that compiles configurations, one after the other. Where it hangs or dies a new one takes its place.
 *
 * @returns `compile(configuration, folder, timeoutMs?)` gives `{ lines }` or `{ error }`; `close()` ends it
 */
function startContender(program, args) {
  let child
  const start = () => {
    const path = fileURLToPath(new URL(program, import.meta.url))
    child ??= fork(path, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], serialization: 'advanced' })
    return child
  }
  const drop = () => {
    child?.kill('SIGKILL')
    child = undefined
  }
  return {
    compile(configuration, folder, timeoutMs = TIMEOUT_MS) {
      return new Promise((resolve) => {
        const process = start()
        const finish = (outcome) => {
          clearTimeout(timer)
          process.off('message', finish)
          process.off('exit', died)
          resolve(outcome)
        }
        const died = () => {
          child = undefined
          finish({ error: 'The process died.', crashed: true })
        }
        const timer = setTimeout(() => {
          process.off('exit', died)
          drop()
          finish({ error: `No answer within ${timeoutMs} ms.`, crashed: true })
        }, timeoutMs)
        process.once('message', finish)
        process.once('exit', died)
        process.send({ configuration, folder })
      })
    },
    close: drop,
  }
}
