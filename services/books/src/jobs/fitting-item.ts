import type { Json } from '@headway/protocol'
import type { Item } from './item.js'

/** The largest item as JSON, in bytes: what an event takes, without what stands around it. */
const MAX_ITEM_BYTES = 60 * 1024

/** What is left of a long text in an item that is too large, in characters. */
const CUT_TEXT = 300

/** What is left of a long list. */
const CUT_LIST = 20

/** An item as an event holds it. Of one that is too large, long texts and lists are cut; the results of an import, which are not made of events, have them whole. */
export function fittingItem(item: Item): Item {
  if (fits(item)) return item
  const cut = cutJson(item) as Item
  if (fits(cut)) return cut
  const { book: _, detail, ...rest } = cut
  // What is small stays: the place of a book in its batch, the number of a row.
  const small = Object.entries(detail).filter(([, member]) => typeof member === 'number' || typeof member === 'boolean')
  return { ...rest, detail: { ...Object.fromEntries(small), cut: true } }
}

function fits(item: Item): boolean {
  return Buffer.byteLength(JSON.stringify(item)) <= MAX_ITEM_BYTES
}

function cutJson(value: Json): Json {
  if (typeof value === 'string') return value.length > CUT_TEXT ? `${value.slice(0, CUT_TEXT)}…` : value
  if (Array.isArray(value)) return value.slice(0, CUT_LIST).map(cutJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, member === undefined ? undefined : cutJson(member)]))
}
