import { z } from 'zod'
import { blobRefSchema, ownerSchema, sealSchema } from './sealed-input.js'

/** What `books-scan` takes: photos that the service has kept. */
export const scanInputSchema = z.object({ photos: z.array(blobRefSchema).min(1), owner: ownerSchema, seal: sealSchema })
export type ScanInput = z.infer<typeof scanInputSchema>
