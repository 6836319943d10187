import { connect } from 'node:net'
import type { Socket } from 'node:net'

/** What a server answered to a request that was written by hand. */
export interface RawAnswer {
  readonly status: number
  readonly body: { readonly success: boolean; readonly error: { readonly code: string; readonly message: string } }
  /** How many bytes of the body the client could hand on before the answer came. */
  readonly sent: number
}

export interface RawPostOptions {
  /** In place of `multipart/form-data; boundary=x`. */
  readonly contentType?: string
  /** What the header says; absent: the body is chunked. */
  readonly contentLength?: number
}

/** The body of a form whose boundary is `x`. */
export function* formBody(parts: Iterable<string | Buffer>): Generator<Buffer> {
  for (const part of parts) yield Buffer.concat([Buffer.from('--x\r\n'), Buffer.from(part), Buffer.from('\r\n')])
  yield Buffer.from('--x--\r\n')
}

/** The part of a file. */
export function filePart(content: string | Buffer, name = 'file'): Buffer {
  const head = `Content-Disposition: form-data; name="${name}"; filename="library.csv"\r\nContent-Type: text/csv\r\n\r\n`
  return Buffer.concat([Buffer.from(head), Buffer.from(content)])
}

/** Sends a body piece by piece, as fast as the server takes it, until the server answers. */
export async function rawPost(url: string, path: string, body: Iterable<Buffer>, options: RawPostOptions = {}): Promise<RawAnswer> {
  const { socket, sent, write } = open(url, path, options)
  const received: Buffer[] = []
  const answered = new Promise<void>((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      received.push(chunk)
      if (isWhole(Buffer.concat(received).toString())) resolve()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve())
  })
  let isAnswered = false
  const stop = (): void => void (isAnswered = true)
  answered.then(stop, stop)
  for (const piece of body) {
    if (isAnswered) break
    await Promise.race([write(piece), answered])
  }
  if (!isAnswered && options.contentLength === undefined) socket.write('0\r\n\r\n')
  await answered
  socket.destroy()
  const text = Buffer.concat(received).toString()
  const [head = '', answer = ''] = text.split('\r\n\r\n')
  return { status: Number(head.split(' ')[1]), body: JSON.parse(answer) as RawAnswer['body'], sent: sent() }
}

/** Sends the beginning of a body, and then breaks the connection off. */
export async function breakOff(url: string, path: string, beginning: Buffer, announced: number): Promise<void> {
  const { socket, write } = open(url, path, { contentLength: announced })
  await write(beginning)
  await new Promise<void>((resolve) => socket.on('close', () => resolve()).resetAndDestroy())
}

function open(url: string, path: string, { contentType = 'multipart/form-data; boundary=x', contentLength }: RawPostOptions) {
  const { hostname, port, host } = new URL(url)
  const socket: Socket = connect(Number(port), hostname)
  const length = contentLength === undefined ? 'Transfer-Encoding: chunked' : `Content-Length: ${contentLength}`
  socket.write(`POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${contentType}\r\n${length}\r\n\r\n`)
  let sent = 0
  const write = async (piece: Buffer): Promise<void> => {
    const framed =
      contentLength === undefined ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]) : piece
    await new Promise<void>((resolve) => socket.write(framed, () => resolve()))
    sent += piece.length
  }
  return { socket, write, sent: () => sent }
}

function isWhole(text: string): boolean {
  const [head = '', answer] = text.split('\r\n\r\n')
  const length = /content-length: (\d+)/i.exec(head)?.[1]
  return answer !== undefined && length !== undefined && Buffer.byteLength(answer) >= Number(length)
}
