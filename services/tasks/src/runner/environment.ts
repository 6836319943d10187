import { JobFailure } from '@headway/core'
import type { StepDefinition } from './task-definition.js'

/** What every program gets of the server's environment, where it is set. Nothing else is inherited unless the task file names it. */
const BASE_VARIABLES = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
] as const

/**
 * The environment of a step's program.
 *
 * @throws JobFailure `start_failed` when a secret is not set in the server's environment
 */
export function stepEnvironment(step: StepDefinition, server: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {}
  for (const name of [...BASE_VARIABLES, ...step.inherit]) {
    const value = server[name]
    if (value !== undefined) env[name] = value
  }
  Object.assign(env, step.env)
  for (const secret of step.secrets) {
    const { name, optional } = readSecret(secret)
    const value = server[name]
    if (value !== undefined) env[name] = value
    else if (!optional) {
      const message = `The step "${step.name}" needs the secret ${name}, which the server's environment does not have.`
      throw new JobFailure('start_failed', message, { retryable: false })
    }
  }
  return env
}

/** The values of a step's secrets that are set. */
export function secretValues(step: StepDefinition, server: NodeJS.ProcessEnv): string[] {
  return step.secrets.map((secret) => server[readSecret(secret).name]).filter((value) => value !== undefined)
}

/** `NAME` must be set, `NAME?` may be. */
function readSecret(secret: string): { readonly name: string; readonly optional: boolean } {
  const optional = secret.endsWith('?')
  return { name: optional ? secret.slice(0, -1) : secret, optional }
}
