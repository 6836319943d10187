import { AbortMultipartUploadCommand, ListMultipartUploadsCommand } from '@aws-sdk/client-s3'
import { isUnknownRequest, keyOf } from './s3-client.mjs'

/**
 * Gives up all uploads in parts that were begun below a prefix and not ended: their parts cost money and are not to be seen.
 *
 * @param {import('@aws-sdk/client-s3').S3Client} client
 * @param {{ Bucket: string, Prefix: string }} where
 * @param {AbortSignal} [signal]
 */
export async function abortUploads(client, where, signal) {
  try {
    let markers = {}
    do {
      const page = await client.send(new ListMultipartUploadsCommand({ ...where, ...markers, EncodingType: 'url' }), {
        abortSignal: signal,
      })
      for (const { Key: key, UploadId: id } of page.Uploads ?? [])
        await abort(client, { Bucket: where.Bucket, Key: keyOf(page, key), UploadId: id })
      markers = page.IsTruncated ? { KeyMarker: keyOf(page, page.NextKeyMarker), UploadIdMarker: page.NextUploadIdMarker } : undefined
    } while (markers !== undefined)
  } catch (error) {
    // A store that can't list them leaves it to its own rules to remove them.
    if (!isUnknownRequest(error)) throw error
  }
}

async function abort(client, upload) {
  try {
    await client.send(new AbortMultipartUploadCommand(upload))
  } catch (error) {
    if (error.name !== 'NoSuchUpload') throw error
  }
}
