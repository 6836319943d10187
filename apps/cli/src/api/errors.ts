import { problemSchema } from '@headway/protocol'
import { z } from 'zod'
import { CommandError } from '../command-error.js'
import { EXIT } from '../exit-codes.js'
import { clean, cleanLine } from '../text/clean.js'

/** The server gave no answer. */
export class UnreachableError extends CommandError {
  /** Whether the request may have reached the server all the same. */
  readonly mayHaveArrived: boolean

  constructor(message: string, mayHaveArrived: boolean) {
    super(message, EXIT.unreachable)
    this.mayHaveArrived = mayHaveArrived
  }
}

/** The server answered, and refused. */
export class RefusedError extends CommandError {
  readonly status: number
  readonly code: string | undefined

  constructor(message: string, status: number, code: string | undefined) {
    super(message, UNAVAILABLE.has(status) ? EXIT.unreachable : EXIT.failed)
    this.status = status
    this.code = code
  }
}

/** The server, or the proxy before it, says that it is not there at the moment. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504])

/** What a proxy answers is perhaps no problem document, or half of one. */
const bodySchema = problemSchema.partial().catch({})

/** How the books service says the same. */
const envelopeSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fields: z.array(z.object({ pointer: z.string(), message: z.string() })).exactOptional(),
    retryAfterMs: z.number().exactOptional(),
  }),
})

/** What to say of an answer that is no success. @param body a problem document, an envelope of the books service, or anything */
export function refusedError(status: number, body: unknown, keyOrigin: string | undefined): RefusedError {
  const { code, detail, title, errors = [], retryAfterSeconds } = problemOf(body)
  const said = clean(detail ?? title ?? `The server answered ${status}.`)
  const lines = [said]
  // The server may have named the first one already.
  for (const { pointer, message } of errors.filter(({ message }) => !said.includes(message)))
    lines.push(`  ${cleanLine(fieldName(pointer))}: ${cleanLine(message)}`)
  if (status === 401 || status === 403)
    lines.push(keyOrigin === undefined ? 'There is no API key: see HEADWAY_API_KEY.' : `The key is the one from ${keyOrigin}.`)
  if (retryAfterSeconds !== undefined) lines.push(`Try again in ${Math.ceil(retryAfterSeconds)} s.`)
  return new RefusedError(lines.join('\n'), status, code)
}

function problemOf(body: unknown): z.output<typeof bodySchema> {
  const { error } = envelopeSchema.safeParse(body).data ?? {}
  if (error === undefined) return bodySchema.parse(body)
  const { code, message, fields, retryAfterMs } = error
  return {
    code,
    detail: message,
    ...(fields !== undefined && { errors: fields }),
    ...(retryAfterMs !== undefined && { retryAfterSeconds: retryAfterMs / 1000 }),
  }
}

/** `/a/b` as people write it. */
function fieldName(pointer: string): string {
  return pointer === '' || pointer === '/'
    ? '(all)'
    : pointer.replace(/^\//, '').replaceAll('/', '.').replaceAll('~1', '/').replaceAll('~0', '~')
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'there is no machine of that name',
  EAI_AGAIN: 'the name could not be looked up',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no way to that network',
  ECONNRESET: 'the connection broke off',
  UND_ERR_SOCKET: 'the connection broke off',
  UND_ERR_HEADERS_TIMEOUT: 'it does not answer',
  UND_ERR_CONNECT_TIMEOUT: 'it does not answer',
}

/** Errors before any byte of the request was sent. */
const NEVER_ARRIVED: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** What to say when `fetch` failed. */
export function unreachableError(base: URL, error: unknown): UnreachableError {
  const { name, message, cause } = error as Error
  const { code, message: causeMessage } = (cause ?? {}) as NodeJS.ErrnoException
  const why = name === 'TimeoutError' ? 'it does not answer' : (REASONS[code ?? ''] ?? causeMessage ?? message)
  const text = `The server at ${base.href} can't be reached: ${why}. HEADWAY_URL or --url names another; "headway serve" starts one.`
  return new UnreachableError(text, !NEVER_ARRIVED.has(code ?? ''))
}
