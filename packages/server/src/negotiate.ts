import { HeadwayError } from '@headway/core'
import type { ServerContext } from './context.js'

/**
 * The offered type that a client likes best (RFC 9110, 12.5.1): the highest q, then the order of the offers. A more precise range
 * says more than a wildcard.
 *
 * @param accept the header; absent or empty means anything
 * @returns undefined when the client takes none of them
 */
export function negotiate<Offer extends string>(accept: string | undefined, offers: readonly Offer[]): Offer | undefined {
  if (accept === undefined || accept.trim() === '') return offers[0]
  const ranges = accept.split(',').map(parseRange)
  let best: { offer: Offer; quality: number } | undefined
  for (const offer of offers) {
    const quality = qualityOf(offer, ranges)
    if (quality > 0 && (best === undefined || quality > best.quality)) best = { offer, quality }
  }
  return best?.offer
}

interface MediaRange {
  readonly range: string
  readonly quality: number
}

function parseRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))
  const quality = q === undefined ? 1 : Number(q.slice(2))
  return { range, quality: quality >= 0 && quality <= 1 ? quality : 0 }
}

function qualityOf(offer: string, ranges: readonly MediaRange[]): number {
  const wildcard = `${offer.slice(0, offer.indexOf('/'))}/*`
  for (const wanted of [offer, wildcard, '*/*']) {
    const found = ranges.find(({ range }) => range === wanted)
    if (found !== undefined) return found.quality
  }
  return 0
}

/** Like `negotiate`, for a request. @throws HeadwayError NOT_ACCEPTABLE */
export function requireAccepted<Offer extends string>(c: ServerContext, offers: readonly Offer[]): Offer {
  const chosen = negotiate(c.req.header('accept'), offers)
  if (chosen === undefined) throw new HeadwayError('NOT_ACCEPTABLE', `This can be had as ${offers.join(', ')}.`)
  return chosen
}

/** Whether the client is an EventSource, or asks as one does: by name, not by a wildcard. */
export function wantsEventStream(c: ServerContext): boolean {
  return (
    c.req.method === 'GET' &&
    negotiate(c.req.header('accept'), ['text/event-stream', 'application/json']) === 'text/event-stream' &&
    /\btext\/event-stream\b/i.test(c.req.header('accept') ?? '')
  )
}
