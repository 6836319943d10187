import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { statSync } from 'node:fs'
import type { StartMessage } from '../frames.js'
import { RUN_VARIABLE } from '../processes.js'
import { HostedProcess } from './hosted-process.js'
import type { Outlets } from './outlets.js'
import { StartRefused } from './start-refused.js'
import { TERMINAL_ENVIRONMENT, withoutTerminals } from './terminal.js'

/** Behind E2BIG. The 128 KiB are with the NUL at the end; all together it is a quarter of the stack's limit. */
const SIZE_LIMITS = 'Linux takes less than 128 KiB for each argument and variable, and mostly 2 MiB for all.'

/**
 * Starts a program in a session and process group of its own, with exactly the environment given and the mark of its run.
 *
 * @param outlets of the program; they are dropped when it can't be started
 * @param running gets the process in the same instant as it starts
 * @throws StartRefused when the system refuses it
 */
export async function startProcess(message: StartMessage, outlets: Outlets, running: Set<HostedProcess>): Promise<HostedProcess> {
  let child: ChildProcess
  try {
    child = spawn(message.command, message.args, {
      cwd: message.cwd,
      env: { ...(message.pty && TERMINAL_ENVIRONMENT), ...message.env, [RUN_VARIABLE]: message.run },
      detached: true,
      stdio: withoutTerminals(outlets.stdio),
    })
    if (child.pid === undefined) await new Promise((_, reject) => child.once('error', reject))
  } catch (error) {
    outlets.drop()
    throw new StartRefused(describe(error, message))
  }
  const started = new HostedProcess(message.run, child, child.pid as number, outlets.takenBy(child), running)
  running.add(started)
  return started
}

function describe(error: unknown, { command, cwd }: StartMessage): StartRefused['failure'] {
  const thrown = error as NodeJS.ErrnoException
  const code = thrown.code?.startsWith('ERR_') ? 'EINVAL' : (thrown.code ?? 'EINVAL')
  const folder = folderTrouble(cwd)
  if (folder) return { code: folder.code, message: `The working directory "${cwd}" ${folder.what}.` }
  switch (code) {
    case 'ENOENT':
      return { code, message: `The program "${command}" was not found, or the interpreter that its first line names was not.` }
    case 'EACCES':
      return { code, message: `The program "${command}" may not be executed.` }
    case 'E2BIG':
      return { code, message: `The arguments and environment of "${command}" are too large for this system. ${SIZE_LIMITS}` }
    default:
      return { code, message: `The program "${command}" could not be started: ${thrown.message}` }
  }
}

function folderTrouble(path: string): { code: string; what: string } | undefined {
  try {
    return statSync(path).isDirectory() ? undefined : { code: 'ENOTDIR', what: 'is not a directory' }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'EINVAL'
    return { code, what: code === 'ENOENT' ? 'does not exist' : `can't be used (${code})` }
  }
}
