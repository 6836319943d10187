import { HeadwayError } from '@headway/core'
import type { Json } from '@headway/protocol'

/** In characters. */
const MAX_KEY_LENGTH = 512
/** Of a value's JSON text, in bytes. */
const MAX_VALUE_BYTES = 1024 * 1024

/** @throws HeadwayError VALIDATION_ERROR when there can't be an entry under this key */
export function checkKey(key: string): void {
  if (key.length === 0 || key.length > MAX_KEY_LENGTH) {
    throw new HeadwayError('VALIDATION_ERROR', `A key has 1 to ${MAX_KEY_LENGTH} characters; this one has ${key.length}.`)
  }
  if (!isStorable(key)) throw new HeadwayError('VALIDATION_ERROR', 'A key is Unicode text without NUL.')
}

/** Whether a database can hold a text as it is: PostgreSQL's have no NUL, and none has half of a character. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && !/\p{Surrogate}/u.test(text)
}

/** A value as the text that is stored. @throws HeadwayError BODY_TOO_LARGE */
export function encodeValue(key: string, value: Json): string {
  const text = JSON.stringify(value)
  if (Buffer.byteLength(text) > MAX_VALUE_BYTES) {
    throw new HeadwayError('BODY_TOO_LARGE', `A stored value is at most ${MAX_VALUE_BYTES} bytes of JSON; the one of ${key} is larger.`)
  }
  return text
}

/** @throws HeadwayError VALIDATION_ERROR when no number can grow by this, or not under this key */
export function checkIncrement(key: string, by: number): void {
  checkKey(key)
  if (!Number.isFinite(by)) throw new HeadwayError('VALIDATION_ERROR', `${key} can't grow by ${by}.`)
}

export function notANumber(key: string): HeadwayError {
  return new HeadwayError('VALIDATION_ERROR', `The value of ${key} is not a number.`)
}
