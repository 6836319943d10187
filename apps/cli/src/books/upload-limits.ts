import { z } from 'zod'
import type { Api } from '../api/api.js'
import { RefusedError } from '../api/errors.js'

const bytes = z.number().exactOptional()
const capabilitiesSchema = z.object({
  limits: z.object({
    batch_max_photos: z.number().exactOptional(),
    csv_max_bytes: bytes,
    photo_max_bytes: bytes,
    photos_max_bytes: bytes,
  }),
})
export type UploadLimits = z.infer<typeof capabilitiesSchema>['limits']

/** What the server takes; nothing is told by one that does not tell everybody. @throws what `Api.request` throws */
export async function uploadLimits(api: Api): Promise<UploadLimits> {
  try {
    return (await api.request('v3/capabilities', capabilitiesSchema)).limits
  } catch (error) {
    // Too many questions of this address: the server says what is too large when it comes.
    if (error instanceof RefusedError && error.status === 429) return {}
    throw error
  }
}
