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

/** The environment of a step's program. */
export function stepEnvironment(step: StepDefinition, server: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {}
  const inherit = (name: string): void => {
    const value = server[name]
    if (value !== undefined) env[name] = value
  }
  for (const name of [...BASE_VARIABLES, ...step.inherit]) inherit(name)
  Object.assign(env, step.env)
  for (const secret of step.secrets) inherit(readSecret(secret).name)
  return env
}

/** The first secret that a step must have and that is not set. */
export function missingSecret(step: StepDefinition, server: NodeJS.ProcessEnv): string | undefined {
  return step.secrets.map(readSecret).find(({ name, optional }) => !optional && server[name] === undefined)?.name
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
