import { parentPort, workerData } from 'node:worker_threads'
import { openCatalog } from '../../catalog/open-catalog.js'
import type { Catalog } from '../../catalog/catalog.js'
import { LineMatcher } from '../match/match-lines.js'
import { loadModels } from '../ocr/models.js'
import { decodePhoto } from '../photo/decode-photo.js'
import { readPhoto } from '../read-photo.js'
import { isPhotoErrorCode, ScanError } from '../scan-error.js'
import type { ScanEvent, ScanResult } from '../types.js'
import { seePhoto } from '../vision/see-photo.js'
import type { FromScanThread, PhotoToRead, ThreadSetUp, ToScanThread } from './messages.js'
import { isStopRequested } from './stop-flag.js'

// The thread that reads photos, one after the other. What it loaded stays for the next one. It is never terminated from outside: a thread that
// is terminated while onnxruntime works takes the whole process with it. It looks at the flag between two calls instead, and ends by itself.

if (parentPort === null) throw new Error('This module is run in a thread only.')
const port = parentPort
const { catalogPath, vision, maxPhotoBytes, stop } = workerData as ThreadSetUp

/** Processors that reading may use: speed is not worth the other one, which serves the streams. */
const PROCESSORS = 1

/** Reads photos, and gives back what it holds. */
interface Reader {
  read(photo: number, bytes: Uint8Array): Promise<readonly ScanResult[]>
  close(): Promise<void>
}

class Stopped extends Error {}

const tell = (message: FromScanThread): void => port.postMessage(message)
const event = (what: ScanEvent): void => tell({ what: 'event', event: what })
const goOn = (): void => {
  if (isStopRequested(stop)) throw new Stopped()
}

let reader: Promise<Reader> | undefined
let busy: Promise<void> = Promise.resolve()
const ended = new AbortController()

port.on('message', (message: ToScanThread) => {
  if (message === 'end') {
    ended.abort()
    busy = busy.then(end)
  } else busy = scan(message)
})

async function scan({ photo, photos, bytes }: PhotoToRead): Promise<void> {
  event({ type: 'photo_started', photo, photos })
  try {
    reader ??= createReader()
    const results = await (await reader).read(photo, bytes)
    for (const [index, result] of results.entries()) event({ type: 'spine', photo, index, spines: results.length, result })
    event({ type: 'photo_done', photo, spines: results.length, titles: results.filter(({ title }) => title !== null).length })
  } catch (error) {
    if (error instanceof Stopped) return
    if (error instanceof ScanError && isPhotoErrorCode(error.code)) {
      event({ type: 'photo_failed', photo, code: error.code, message: error.message })
    } else {
      const known = error instanceof ScanError ? error : new ScanError('SCAN_FAILED', messageOf(error), { retryable: true })
      tell({ what: 'failed', code: known.code, message: known.message, retryable: known.retryable })
    }
  }
  tell({ what: 'photo-over' })
}

async function end(): Promise<void> {
  // What could not be loaded holds nothing.
  await reader?.then(
    ({ close }) => close(),
    () => undefined,
  )
  port.close()
}

async function createReader(): Promise<Reader> {
  const catalog = openCatalogOf(catalogPath)
  return vision === undefined ? ocrReader(catalog) : visionReader(vision, catalog)
}

async function ocrReader(catalog: Catalog): Promise<Reader> {
  const models = await loadModels(PROCESSORS)
  return {
    async read(photo, bytes) {
      goOn()
      const decoded = await decodePhoto(bytes, maxPhotoBytes)
      goOn()
      const { width, height } = decoded
      return readPhoto(photo, decoded, models, new LineMatcher(catalog, goOn), {
        onDetected: (lines) => {
          goOn()
          event({ type: 'photo_detected', photo, lines, width, height })
        },
        onRead: (done, total) => {
          goOn()
          event({ type: 'lines_read', photo, done, total })
        },
      })
    },
    async close() {
      catalog.close()
      await models.close()
    },
  }
}

async function visionReader(options: NonNullable<typeof vision>, catalog: Catalog): Promise<Reader> {
  const { createGemini } = await import('../vision/gemini.js')
  const provider = createGemini(options)
  return {
    read: async (photo, bytes) => seePhoto(photo, await decodePhoto(bytes, maxPhotoBytes), provider, catalog, ended.signal),
    close: async () => catalog.close(),
  }
}

function openCatalogOf(path: string): Catalog {
  try {
    return openCatalog(path, { readOnly: true })
  } catch (cause) {
    throw new ScanError('CATALOG_UNAVAILABLE', messageOf(cause), { cause })
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
