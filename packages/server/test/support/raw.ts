import { connect } from 'node:net'
import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'

export interface RawAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A request that `fetch` would not send: with any headers, and a body in pieces, without its length. */
export function rawRequest(
  url: string,
  options: { readonly method?: string; readonly headers?: Record<string, string>; readonly chunks?: readonly (string | Uint8Array)[] },
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: options.method ?? 'GET', headers: options.headers ?? {}, agent: false }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }))
    })
    sent.on('error', reject)
    for (const chunk of options.chunks ?? []) sent.write(chunk)
    sent.end()
  })
}

/** Sends bytes as they are and gives all that comes back until the server closes, or has sent a whole answer with this beginning and a JSON body. */
export function rawBytes(url: string, bytes: string, beginning?: string): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => {
      text += chunk
      if (beginning !== undefined && text.startsWith(beginning) && text.endsWith('}')) socket.end()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(text))
  })
}
