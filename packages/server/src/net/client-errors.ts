import { STATUS_CODES } from 'node:http'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Socket } from 'node:net'
import { HeadwayError } from '@headway/core'
import { ERROR_CODES } from '@headway/protocol'
import { PROBLEM_CONTENT_TYPE, problemOf } from '../errors/problem.js'

/** Answers what Node could not read as a request at all, or would refuse without a word. */
export function answerClientErrors(server: Server): void {
  server.on('checkExpectation', (_request, response) => {
    answerAndClose(response, new HeadwayError('EXPECTATION_FAILED', 'The header field Expect may only say 100-continue here.'))
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    // After the first byte of an answer nothing can be said any more that would be understood.
    if (error.code === 'ECONNRESET' || !socket.writable || (socket as Socket).bytesWritten > 0) {
      socket.destroy()
      return
    }
    const problem = problemOf(errorFor(error.code), undefined)
    const body = JSON.stringify(problem)
    socket.end(
      `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\nContent-Type: ${PROBLEM_CONTENT_TYPE}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  })
}

function errorFor(code: string | undefined): HeadwayError {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadwayError('HEADERS_TOO_LARGE', 'Send fewer or shorter header fields, or a shorter URL.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new HeadwayError('REQUEST_TIMEOUT', 'Send the whole request at once.')
  return new HeadwayError('BAD_REQUEST', 'This could not be read as an HTTP request.')
}

/**
 * Refuses a request of HTTP/1.1 without a Host, as RFC 9112 (3.2) demands.
 *
 * @returns whether it was one
 */
export function refuseWithoutHost(request: IncomingMessage, response: ServerResponse): boolean {
  if (request.headers.host !== undefined || request.httpVersion !== '1.1') return false
  answerAndClose(response, new HeadwayError('BAD_REQUEST', 'A request of HTTP/1.1 needs the header field Host.'))
  return true
}

function answerAndClose(response: ServerResponse, error: HeadwayError): void {
  const problem = problemOf(error, undefined)
  const body = JSON.stringify(problem)
  const headers = { 'Content-Type': PROBLEM_CONTENT_TYPE, 'Content-Length': Buffer.byteLength(body), Connection: 'close' }
  response.writeHead(problem.status, headers).end(body)
}

/** The answer to a request whose target or Host can't be used. */
export function badRequestResponse(): Response {
  const error = new HeadwayError('BAD_REQUEST', 'The URL or the Host of this request is not valid.')
  return new Response(JSON.stringify(problemOf(error, undefined)), {
    status: ERROR_CODES[error.code].status,
    headers: { 'Content-Type': PROBLEM_CONTENT_TYPE },
  })
}
