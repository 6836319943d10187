import type { JobCreation } from '@headway/protocol'
import { jobPaths } from './kinds.js'
import type { UploadLimits } from './upload/upload-limits.js'

/** How an import is made, for whoever shows a form. */
export function importCreation({ maxCsvBytes }: Pick<UploadLimits, 'maxCsvBytes'>): JobCreation {
  const accept = ['.csv', '.tsv', '.txt', 'text/csv', 'text/tab-separated-values', 'text/plain']
  return { kind: 'upload', path: jobPaths('imports').create, field: 'file', accept, maxFiles: 1, maxBytes: maxCsvBytes }
}

/** How a scan is made. */
export function scanCreation({ maxPhotos, maxPhotoBytes }: Pick<UploadLimits, 'maxPhotos' | 'maxPhotoBytes'>): JobCreation {
  const accept = ['image/jpeg', 'image/png', 'image/webp']
  return { kind: 'upload', path: jobPaths('scans').create, field: 'photos[]', accept, maxFiles: maxPhotos, maxBytes: maxPhotoBytes }
}
