import type { ServerContext } from './context.js'

/**
 * Header fields that stand on an answer whatever it is, beside its own, which win. They are collected apart from both the framework's
 * response and Node's: streams are written to Node directly, and Node keeps what `setHeader` was given for as long as the stream lasts.
 */
export type AnswerHeaders = Record<string, string>

/** Sets a field of the answer to come. */
export function setAnswerHeader(c: ServerContext, name: string, value: string): void {
  c.var.answerHeaders[name] = value
}

/** Says that the answer depends on a field of the request (RFC 9110, 12.5.5). */
export function varyBy(c: ServerContext, name: string): void {
  const { answerHeaders } = c.var
  answerHeaders['Vary'] = answerHeaders['Vary'] === undefined ? name : `${answerHeaders['Vary']}, ${name}`
}
