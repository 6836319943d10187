import { HeadwayError } from '@headway/core'
import type { BlobRef } from '@headway/core'
import type { ServerContext } from '@headway/server'
import { z } from 'zod'
import type { Upload } from '../book-jobs.js'
import { assertLooksLikeText } from './file-start.js'

type Put = (bytes: AsyncIterable<Uint8Array>) => Promise<BlobRef>

const mappingSchema = z.record(z.string().max(64), z.string().max(200))

/** The longest file name that is kept, in characters. */
const MAX_FILE_NAME = 200

/**
 * Reads the CSV file of an import, and its field `mapping` (JSON: what a column is, by its name in the header).
 *
 * @throws HeadwayError EMPTY_FILE, BODY_TOO_LARGE, VALIDATION_ERROR, UNSUPPORTED_MEDIA_TYPE
 */
export async function readImport(c: ServerContext, put: Put, maxBytes: number): Promise<Upload> {
  const { readMultipart } = await import('./read-multipart.js')
  const { files, fields } = await readMultipart(c.env.incoming, {
    fileFields: ['file'],
    maxFiles: 1,
    maxFileBytes: maxBytes,
    maxBytes,
    onFile: async (bytes, fileName) => ({ file: await put(assertLooksLikeText(bytes)), fileName: fileName.slice(0, MAX_FILE_NAME) }),
  })
  const [{ file, fileName }] = files as [(typeof files)[0]]
  if (file.size === 0) throw new HeadwayError('EMPTY_FILE', 'The file is empty; send the CSV export of a library.')
  const mapping = mappingOf(fields.get('mapping'))
  const rest = { ...(fileName !== '' && { fileName }), ...(mapping && { mapping }) }
  return { input: { file: { ...file }, ...rest }, compared: { file: file.sha256, ...rest } }
}

/**
 * Reads the photos of a scan.
 *
 * @throws HeadwayError EMPTY_FILE, BODY_TOO_LARGE, VALIDATION_ERROR, UNSUPPORTED_MEDIA_TYPE
 */
export async function readPhotos(
  c: ServerContext,
  put: Put,
  limits: { readonly maxPhotos: number; readonly maxPhotoBytes: number; readonly maxPhotosBytes: number },
): Promise<Upload> {
  const { readMultipart } = await import('./read-multipart.js')
  const { files } = await readMultipart(c.env.incoming, {
    fileFields: ['photos[]', 'photos', 'photo', 'file'],
    maxFiles: limits.maxPhotos,
    maxFileBytes: limits.maxPhotoBytes,
    maxBytes: limits.maxPhotosBytes,
    onFile: put,
  })
  const empty = files.findIndex(({ size }) => size === 0)
  if (empty !== -1) throw new HeadwayError('EMPTY_FILE', `Photo ${empty + 1} is empty.`)
  return { input: { photos: files.map((file) => ({ ...file })) }, compared: { photos: files.map(({ sha256 }) => sha256) } }
}

function mappingOf(text: string | undefined): Record<string, string> | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const mapping = mappingSchema.safeParse(jsonOf(text))
  if (mapping.success) return mapping.data
  const message = 'The field "mapping" is a JSON object of texts: the name of a field and the column that has it.'
  throw new HeadwayError('VALIDATION_ERROR', message, { fields: [{ pointer: '/mapping', message: 'is not such an object' }] })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
