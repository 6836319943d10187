import { z } from 'zod'

const POSTGRES_MESSAGE =
  'a URL such as postgres://user:password@host:5432/database (in a password @ is written %40, / %2F, # %23 and % %25)'
const STORE_MESSAGE = `sqlite: or ${POSTGRES_MESSAGE}`
const BUCKET_MESSAGE = 'a URL such as s3://bucket/prefix?region=eu-central-1&endpoint=https://minio.example:9000, without keys'

/** Parameters of a URL whose values are secrets. */
const SECRET_PARAMETERS = ['password', 'sslpassword']

/** Parameters of a bucket's URL. */
const BUCKET_PARAMETERS = ['region', 'endpoint']

/** Where the store is. */
export function storeUrl() {
  return z.string(STORE_MESSAGE).refine((text) => text === 'sqlite:' || isPostgresUrl(text), STORE_MESSAGE)
}

export function postgresUrl() {
  return z.string(POSTGRES_MESSAGE).refine(isPostgresUrl, POSTGRES_MESSAGE)
}

export function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(?:ql)?:$/.test(new URL(text).protocol) && !isCutInPassword(new URL(text))
}

/** A password with a `/` ends the host there, and the rest of it would be the path: that of a database has one part. */
function isCutInPassword({ protocol, pathname }: URL): boolean {
  return protocol.startsWith('postgres') && /@|^\/.*\//.test(pathname)
}

/** A place in S3, or in a store that speaks its protocol. The keys to it come from where Amazon's tools look for them. */
export function bucketUrl() {
  return z.string(BUCKET_MESSAGE).refine(isBucketUrl, BUCKET_MESSAGE)
}

function isBucketUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password, port, searchParams } = new URL(text)
  if (protocol !== 's3:' || hostname === '' || `${username}${password}${port}` !== '') return false
  const endpoint = searchParams.get('endpoint')
  if (endpoint !== null && !isPlainHttp(endpoint)) return false
  return [...searchParams.keys()].every((name) => BUCKET_PARAMETERS.includes(name))
}

function isPlainHttp(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && `${username}${password}` === ''
}

/** What is no URL, and can be no secret: a scheme, or one that was forgotten. */
const WORD = /^[\w.-]{0,16}:?$/

/** A URL without the passwords that may be in it, for people and for logs. What is no URL is not shown at all: it may be all password. */
export function withoutPassword(text: string): string {
  if (WORD.test(text)) return text
  if (!URL.canParse(text) || isCutInPassword(new URL(text))) return '[redacted]'
  const url = new URL(text)
  if (url.password !== '') url.password = '***'
  for (const name of SECRET_PARAMETERS) if (url.searchParams.has(name)) url.searchParams.set(name, '***')
  return url.href
}
