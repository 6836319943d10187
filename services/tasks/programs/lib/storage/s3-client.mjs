import { S3Client } from '@aws-sdk/client-s3'
import { Failure } from '../command-line.mjs'

/** A request that gets no further for so long is given up and tried again. In milliseconds. */
const CONNECTION_TIMEOUT_MS = 10_000
const SOCKET_TIMEOUT_MS = 60_000

/** Sockets of one client. */
const MAX_SOCKETS = 64

/** Where a stand-in or another maker's store is, as the AWS SDK reads it. */
function ownEndpoint() {
  return process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL
}

/** A client that takes its settings from the environment as the AWS SDK does. */
export function createS3Client() {
  // It speaks to whoever chooses the SDK's version, not to whoever publishes a release.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true'
  const endpoint = ownEndpoint()
  return new S3Client({
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SOCKET_TIMEOUT_MS,
      httpsAgent: { maxSockets: MAX_SOCKETS },
      httpAgent: { maxSockets: MAX_SOCKETS },
    },
    ...(endpoint !== undefined && {
      forcePathStyle: true,
      // Other makers' stores often know neither the names of buckets in hosts nor the newer checksums.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...(process.env.AWS_REGION === undefined && { region: 'us-east-1' }),
    }),
  })
}

/** Whether an error says that there is no such object. */
export function isNotFound(error) {
  return error.name === 'NoSuchKey' || error.name === 'NotFound'
}

/** Whether an error says that the store does not know such a request. */
export function isUnknownRequest(error) {
  const status = error.$metadata?.httpStatusCode
  return error.name === 'NotImplemented' || status === 501 || status === 405
}

/** A key of a list that was asked for with `EncodingType: 'url'`, which keeps characters that XML can't have; not every store does it. */
export function keyOf({ EncodingType: encoding }, key) {
  return encoding === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key
}

/** Whether an error says that what was to be copied is not there as it was looked at. */
export function isChangedMeanwhile(error) {
  return isNotFound(error) || error.name === 'PreconditionFailed' || error.$metadata?.httpStatusCode === 412
}

/** Whether the store checks what it gets by newer checksums, and tells them: not every maker's does. */
export async function knowsChecksums(client) {
  return (await client.config.requestChecksumCalculation()) === 'WHEN_SUPPORTED'
}

/**
 * An error of a bucket for people: what it said, without what was asked, which holds keys.
 *
 * @param {string} shown the place
 * @param {Error & { $metadata?: { httpStatusCode?: number, attempts?: number } }} error
 */
export function explained(shown, error) {
  const status = error.$metadata?.httpStatusCode
  const attempts = error.$metadata?.attempts ?? 1
  const facts = [status === undefined ? undefined : `status ${status}`, attempts > 1 ? `after ${attempts} attempts` : undefined].filter(
    Boolean,
  )
  const code = error.name === 'Error' ? (error.code ?? 'Error') : error.name
  const text = error.message && error.message !== code ? `: ${error.message}` : ''
  return new Failure(`The bucket of ${shown} refused: ${code}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}${text}`)
}
