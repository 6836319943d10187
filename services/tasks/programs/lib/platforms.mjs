import { Refusal } from './command-line.mjs'

/** The platforms that have resources, with the names that people use. */
export const PLATFORMS = { ios: 'iOS', android: 'Android', web: 'Web' }

/** The platform that an option names. @throws {Refusal} when there is no such platform */
export function readPlatform(text) {
  if (text === undefined || !Object.hasOwn(PLATFORMS, text)) {
    throw new Refusal(`--platform must be one of ${Object.keys(PLATFORMS).join(', ')}${text === undefined ? '' : `, not "${text}"`}.`)
  }
  return text
}
