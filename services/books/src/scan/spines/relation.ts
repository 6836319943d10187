import { cornersOf } from '../ocr/line-box.js'
import type { LineBox } from '../ocr/line-box.js'
import type { Picture } from '../photo/picture.js'
import type { Point } from '../types.js'
import { colourAt, colourDistance } from './background.js'
import { extentOf, overlap } from './line.js'
import type { Colour, Extent, UnreadLine } from './line.js'

/** Lines are parallel up to about 10 degrees: photos of whole shelves fan out. */
const PARALLEL = 0.985
/** The axis of a short line is not as sure: up to 20 degrees, where length over thickness of one is below this. */
const PARALLEL_SHORT = 0.94
const SHORT = 4
/** Of two lines one behind the other, so much of the thinner one's thickness lies on the other's track. */
const SAME_TRACK = 0.5
/** Lines above each other share so much of the shorter one's length. */
const SAME_STRETCH = 0.3
/** Backgrounds further apart than this are not the same paper; the same under uneven light may be nearly as far apart. */
const SAME_COLOUR = 60
/** A pixel on the way further than this from both backgrounds is an edge. Of the brightness of the lighter one: dim photos have dim edges. */
const EDGE_SHARE = 0.22
const EDGE_LEAST = 14

/** Ways that are looked at between two lines, and how many of them must be open. */
const WAYS = 7
const OPEN_WAYS = 2
/** Length over thickness of a box below which its axis is a guess. */
const SQUARE = 1.6

/** How two lines lie to each other: one behind the other, or above each other like lines of a paragraph. */
export type Relation = 'behind' | 'above' | 'none'

/** @param gap between the two, in pixels, along the way that the relation names */
export interface Related {
  readonly relation: Relation
  readonly gap: number
  /** Straight ways across the gap, beside each other. */
  readonly ways: readonly (readonly [Point, Point])[]
}

const UNRELATED: Related = { relation: 'none', gap: Infinity, ways: [] }

export function relate(a: LineBox, b: LineBox): Related {
  const dot = Math.abs(a.axis.x * b.axis.x + a.axis.y * b.axis.y)
  const parallel = Math.min(a.length / a.thickness, b.length / b.thickness) < SHORT ? PARALLEL_SHORT : PARALLEL
  const isAcross = dot * dot <= 1 - parallel * parallel && (isSquare(a) || isSquare(b))
  if (dot < parallel && !isAcross) return UNRELATED
  // The longer one's axis is the surer one.
  const { axis } = a.length >= b.length ? a : b
  const [one, other] = [extentOf(cornersOf(a), axis), extentOf(cornersOf(b), axis)]
  if (overlap(one.along, other.along) >= SAME_STRETCH) return between(axis, one, other, 'above')
  if (overlap(one.across, other.across) >= SAME_TRACK) return between(axis, one, other, 'behind')
  return UNRELATED
}

function between(axis: Point, one: Extent, other: Extent, relation: 'above' | 'behind'): Related {
  const [shared, apart] = relation === 'above' ? (['along', 'across'] as const) : (['across', 'along'] as const)
  const [begin, end] = [Math.max(one[shared][0], other[shared][0]), Math.min(one[shared][1], other[shared][1])]
  const [first, second] = one[apart][0] <= other[apart][0] ? [one, other] : [other, one]
  const [from, to] = [first[apart][1], second[apart][0]]
  const point = (at: number, beside: number): Point => {
    const [along, across] = relation === 'above' ? [beside, at] : [at, beside]
    return { x: along * axis.x - across * axis.y, y: along * axis.y + across * axis.x }
  }
  // Boxes have margins that overlap; an edge may still run between the letters.
  const centre = (extent: Extent): number => (extent[apart][0] + extent[apart][1]) / 2
  const [start, stop] = from <= to ? [from, to] : [Math.max(to, centre(first)), Math.min(from, centre(second))]
  const ways = Array.from({ length: WAYS }, (_, way) => {
    const beside = begin + ((way + 0.5) / WAYS) * (end - begin)
    return [point(start, beside), point(stop, beside)] as const
  })
  return { relation, gap: Math.max(0, to - from), ways }
}

/** Which way the text of so short a line runs can't be told from its box. */
export function isSquare({ length, thickness }: LineBox): boolean {
  return length < SQUARE * thickness
}

/** Whether the same paper, as far as its colour tells, lies under both. */
export function isSamePaper(a: UnreadLine, b: UnreadLine): boolean {
  return colourDistance(a.background, b.background) <= SAME_COLOUR
}

/**
 * Whether ways between two lines cross no edge: all of it has the colour of one background or the other. Letters stand in some of the ways, an
 * edge in all of them.
 */
export function isOpen(picture: Picture, ways: Related['ways'], a: Colour, b: Colour): boolean {
  const tolerance = Math.max(EDGE_LEAST, EDGE_SHARE * Math.max(brightness(a), brightness(b)))
  const isPaper = (colour: Colour): boolean => Math.min(colourDistance(colour, a), colourDistance(colour, b)) <= tolerance
  return ways.filter((way) => isClear(picture, way, isPaper)).length >= OPEN_WAYS
}

function isClear(picture: Picture, [from, to]: readonly [Point, Point], isPaper: (colour: Colour) => boolean): boolean {
  const steps = Math.ceil(Math.hypot(to.x - from.x, to.y - from.y))
  for (let step = 0; step <= steps; step++) {
    const share = steps === 0 ? 0 : step / steps
    const colour = colourAt(picture, { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share })
    if (!isPaper(colour)) return false
  }
  return true
}

function brightness(colour: Colour): number {
  return Math.hypot(...colour)
}
