import { EXAMPLES } from './allowed-examples.mjs'
import { comparable } from './outcome.mjs'
import { startPeer } from './run/contender.mjs'
import { serveCases } from './run/serve-cases.mjs'
import { servedConfiguration } from './run/served-case.mjs'

/** After it a compilation counts as one without end. In milliseconds. */
const ENDLESS_MS = 4000
/** Lines before the rules: the header of the list and that of its one source. */
const HEADER_LINES = 9
const PATH = 'list-1.txt'

/**
 * An example as a case.
 *
 * @param {{ text: string, served?: 'path' | 'http', transformations?: string[], exclusions?: string[] }} example
 */
export function caseOf({ text, served = 'path', transformations = [], exclusions = [] }) {
  const configuration = { name: 'x', sources: [{ source: PATH }], transformations, exclusions }
  return { name: 'example', served, configuration, files: { [PATH]: text } }
}

/** What an example's outcome comes to, in the way examples say it. */
export function resultOf(outcome) {
  if (outcome.crashed === true) return 'hangs'
  return comparable(outcome).lines?.slice(HEADER_LINES) ?? null
}

/** Whether the peer still gives what the examples say. @returns {Promise<string[]>} where it does not, for people */
export async function checkExamples() {
  const place = await serveCases()
  const peer = startPeer()
  const wrong = []
  try {
    for (const example of EXAMPLES) {
      const one = caseOf(example)
      const found = resultOf(await peer.compile(servedConfiguration(one), place.place(one), ENDLESS_MS))
      if (JSON.stringify(found) !== JSON.stringify(example.peer)) {
        wrong.push(`The example of ${example.rule} (${JSON.stringify(example.text)}): the peer gives ${JSON.stringify(found)}`)
      }
    }
    return wrong
  } finally {
    peer.close()
    place.close()
  }
}
