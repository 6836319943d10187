import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { Busboy } from '@fastify/busboy'
import { HeadwayError } from '@headway/core'
import { boundaryOf } from './boundary.js'

/** The fields beside the files, and their size in bytes. */
const MAX_FIELDS = 20
const MAX_FIELD_BYTES = 64 * 1024

/** What stands between the files and fields, before and after them: boundaries, the headers of parts. In bytes, of the whole body. */
const MAX_FRAME_BYTES = 256 * 1024

export interface MultipartOptions<File> {
  /** The names under which files may come. */
  readonly fileFields: readonly string[]
  readonly maxFiles: number
  readonly maxFileBytes: number
  /** Of all files together. */
  readonly maxBytes: number
  /** Takes a file while it is read: what it does not take waits in the connection. */
  readonly onFile: (bytes: AsyncIterable<Uint8Array>, fileName: string) => Promise<File>
}

export interface Multipart<File> {
  /** In the order in which they came. */
  readonly files: readonly File[]
  readonly fields: ReadonlyMap<string, string>
}

/**
 * Reads a multipart body; no more of it than its limits allow.
 *
 * @throws HeadwayError UNSUPPORTED_MEDIA_TYPE, VALIDATION_ERROR, BODY_TOO_LARGE; what `onFile` throws
 */
export async function readMultipart<File>(request: IncomingMessage, options: MultipartOptions<File>): Promise<Multipart<File>> {
  const boundary = await boundaryOf(request)
  if (boundary === undefined) {
    const names = options.fileFields.join('" or "')
    throw new HeadwayError('UNSUPPORTED_MEDIA_TYPE', `Send multipart/form-data with the field "${names}".`)
  }
  return new Reading(request, boundary, options).done
}

/** One body that is being read. */
class Reading<File> {
  readonly done: Promise<Multipart<File>>
  readonly #request: IncomingMessage
  readonly #options: MultipartOptions<File>
  readonly #parser: InstanceType<typeof Busboy>
  readonly #files: Promise<File>[] = []
  readonly #streams: Readable[] = []
  readonly #fields = new Map<string, string>()
  /** Of the files. */
  #bytes = 0
  /** Of the whole body. */
  #received = 0
  #refused = false
  #resolve!: (multipart: Multipart<File>) => void
  #reject!: (error: unknown) => void

  constructor(request: IncomingMessage, boundary: string, options: MultipartOptions<File>) {
    this.#request = request
    this.#options = options
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    const { maxFiles, maxFileBytes } = options
    this.#parser = new Busboy({
      headers: { 'content-type': `multipart/form-data; boundary="${boundary}"` },
      limits: {
        // One more than may come, so that it is seen.
        files: maxFiles + 1,
        fileSize: maxFileBytes,
        fields: MAX_FIELDS,
        fieldSize: MAX_FIELD_BYTES,
        parts: maxFiles + 1 + MAX_FIELDS,
      },
    })
    this.#parser.on('file', (name, stream, fileName) => this.#file(name, stream, fileName ?? ''))
    this.#parser.on('field', (name, value, nameIsCut, valueIsCut) => this.#field(name, value, nameIsCut || valueIsCut))
    const tooManyParts = (): void =>
      this.#fail(new HeadwayError('VALIDATION_ERROR', `A form may have at most ${MAX_FIELDS} parts beside its files.`))
    this.#parser.on('fieldsLimit', tooManyParts)
    this.#parser.on('partsLimit', tooManyParts)
    this.#parser.on('error', () => this.#fail(new HeadwayError('VALIDATION_ERROR', 'The body is not a whole multipart body.')))
    this.#parser.on('finish', this.#onFinish)
    request.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onBroken).on('close', this.#onBroken)
  }

  #field(name: string, value: string, isCut: boolean): void {
    if (!isCut) return void this.#fields.set(name, value)
    this.#fail(
      new HeadwayError('VALIDATION_ERROR', `The field "${name.slice(0, 100)}" is too long: a field may have ${MAX_FIELD_BYTES} bytes.`),
    )
  }

  #file(name: string, stream: Readable, fileName: string): void {
    const { fileFields, maxFiles, maxFileBytes, onFile } = this.#options
    // A file that is not taken must not hold up the rest.
    stream.on('error', () => {})
    // The parser may go on to the end of its piece after the body was refused.
    if (this.#refused) return void stream.resume()
    if (!fileFields.includes(name)) {
      stream.resume()
      return this.#fail(new HeadwayError('VALIDATION_ERROR', `There is no file field "${name}"; use "${fileFields[0]}".`))
    }
    if (this.#files.length >= maxFiles) {
      stream.resume()
      return this.#fail(new HeadwayError('VALIDATION_ERROR', `Send at most ${maxFiles} ${maxFiles === 1 ? 'file' : 'files'} at a time.`))
    }
    stream.on('limit', () => this.#fail(tooLarge(maxFileBytes)))
    this.#streams.push(stream)
    const taken = onFile(this.#counted(stream), fileName)
    taken.catch((error: unknown) => this.#fail(error))
    this.#files.push(taken)
  }

  async *#counted(stream: Readable): AsyncGenerator<Uint8Array> {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      this.#bytes += chunk.length
      if (this.#bytes > this.#options.maxBytes) throw tooLarge(this.#options.maxBytes)
      yield chunk
    }
    if ('truncated' in stream && stream.truncated === true) throw tooLarge(this.#options.maxFileBytes)
  }

  async #finish(): Promise<void> {
    try {
      const files = await Promise.all(this.#files)
      if (files.length === 0) throw new HeadwayError('VALIDATION_ERROR', `Send a file as the field "${this.#options.fileFields[0]}".`)
      this.#settle()
      this.#resolve({ files, fields: this.#fields })
    } catch (error) {
      this.#fail(error)
    }
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#received += chunk.length
    if (this.#received > this.#options.maxBytes + MAX_FIELDS * MAX_FIELD_BYTES + MAX_FRAME_BYTES) {
      return this.#fail(tooLarge(this.#options.maxFileBytes))
    }
    if (this.#parser.write(chunk)) return
    this.#request.pause()
    this.#parser.once('drain', () => this.#request.resume())
  }

  readonly #onFinish = (): void => {
    void this.#finish()
  }

  readonly #onEnd = (): void => {
    this.#parser.end()
  }

  readonly #onBroken = (): void => {
    if (!this.#request.complete) this.#fail(new HeadwayError('VALIDATION_ERROR', 'The body ended before it was complete.'))
  }

  /** Nothing more is read: the rest of the body stays in the connection, which the answer then closes. Ends when no file is taken any more. */
  #fail(error: unknown): void {
    this.#refused = true
    this.#settle()
    this.#request.pause()
    this.#parser.destroy()
    for (const stream of this.#streams) stream.destroy()
    void this.#rejectAfterFiles(error)
  }

  async #rejectAfterFiles(why: unknown): Promise<void> {
    await Promise.allSettled(this.#files)
    this.#reject(why)
  }

  #settle(): void {
    this.#request.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onBroken).off('close', this.#onBroken)
    // Whoever breaks off later must not become an uncaught error.
    this.#request.on('error', () => {})
  }
}

function tooLarge(maxBytes: number): HeadwayError {
  return new HeadwayError('BODY_TOO_LARGE', `A file may have at most ${maxBytes} bytes, and all files together no more than their limit.`, {
    details: { maxBytes },
  })
}
