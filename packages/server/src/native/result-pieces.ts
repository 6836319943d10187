import type { BlobRef, JobType } from '@headway/core'
import type { Json } from '@headway/protocol'
import { z } from 'zod'
import type { JsonPiece } from '../body/answer-json.js'

const blobRefSchema = z.object({ blob: z.string(), size: z.int().nonnegative(), sha256: z.string() })

/** What is left of the pointers below a value: each as its segments. */
type Pointers = readonly (readonly string[])[]

/**
 * A result as JSON text, with blobs in the place of the references to them.
 *
 * @param jsonBlobs see `JobTypeOptions`
 */
export function resultPieces(result: Json, jsonBlobs: NonNullable<JobType['jsonBlobs']>): JsonPiece[] {
  return piecesOf(
    result,
    jsonBlobs.map((pointer) => pointer.split('/').slice(1)),
  )
}

/** Whether there is a reference to a blob anywhere in a result. */
export function namesBlob(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return false
  return blobRefSchema.safeParse(value).success || Object.values(value).some((member) => member !== undefined && namesBlob(member))
}

function piecesOf(value: Json, pointers: Pointers): JsonPiece[] {
  if (pointers.some((segments) => segments.length === 0)) {
    const ref = blobRefSchema.safeParse(value)
    if (ref.success) return [ref.data satisfies BlobRef]
  }
  const below = pointers.filter((segments) => segments.length > 0)
  if (below.length === 0 || typeof value !== 'object' || value === null) return [JSON.stringify(value)]
  if (isArray(value)) return ['[', ...joined(value.map((member, index) => piecesOf(member, under(below, String(index))))), ']']
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [[`${JSON.stringify(name)}:`, ...piecesOf(member, under(below, name))]],
  )
  return ['{', ...joined(members), '}']
}

function under(pointers: Pointers, name: string): Pointers {
  return pointers.filter(([first]) => first === name || first === '*').map(([, ...rest]) => rest)
}

function joined(members: readonly JsonPiece[][]): JsonPiece[] {
  return members.flatMap((pieces, index) => (index === 0 ? pieces : [',', ...pieces]))
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
