import { groupBy, splitBy } from '../spines/cluster-lines.js'
import type { Line } from '../spines/line.js'
import { isSamePaper, relate } from '../spines/relation.js'
import { MAX_SPINE_LINES } from './match-lines.js'
import type { LineMatcher, Spine } from './match-lines.js'
import { isMark } from './publishers.js'

/** Groups may be joined over a gap of so many times the thicker line. */
const MERGE_REACH = 25
/** A merge must be worth at least this: a line more that is explained. */
const BETTER = 0.01
/** Fragments are joined to a book that all of them speak for. */
const FRAGMENTS_SURE = 0.9
/** A group this sure is one book. */
const SURE = 0.98

/** From groups of lines on the same paper to spines: taken apart and joined where the catalog knows the outcome better. */
export function findSpines(groups: readonly (readonly Line[])[], matcher: LineMatcher): Spine[] {
  const parts = groups.flatMap((group) => split(group, matcher))
  const spines = merge(mergeFragments(parts, matcher), matcher)
  return spines.filter(({ book, lines }) => book !== undefined || lines.some(({ text }) => !isMark(text)))
}

/** A group may be several books of one colour: it is taken apart where its parts are surer books than the whole. */
function split(group: readonly Line[], matcher: LineMatcher): Spine[] {
  let best = [matcher.match(group)]
  if (group.length < 2 || sureness(best) >= SURE) return best
  for (const relation of ['behind', 'above'] as const) {
    const parts = splitBy(group, relation)
    if (parts.length < 2) continue
    const spines = parts.map((part) => matcher.match(part))
    if (sureness(spines) > sureness(best) + BETTER) best = spines
  }
  return best
}

function sureness(spines: readonly Spine[]): number {
  return spines.reduce((sum, { confidence }) => sum + confidence, 0)
}

/** Fragments without a book, near each other, may be one all together where no two of them are. */
function mergeFragments(spines: readonly Spine[], matcher: LineMatcher): Spine[] {
  const fragments = spines.filter(({ book }) => book === undefined)
  const left = new Set(spines)
  for (const group of groupBy(fragments, areNear)) {
    const lines = group.flatMap((fragment) => fragment.lines)
    if (group.length < 3 || lines.length > MAX_SPINE_LINES) continue
    const joined = matcher.match(lines)
    if (joined.confidence < FRAGMENTS_SURE) continue
    for (const fragment of group) left.delete(fragment)
    left.add(joined)
  }
  return [...left]
}

/** Joins groups that lie behind or above each other as long as that makes a match better. */
function merge(spines: readonly Spine[], matcher: LineMatcher): Spine[] {
  const left = [...spines]
  const tried = new Map<Spine, Set<Spine>>()
  const isNew = (one: Spine, other: Spine): boolean => {
    const known = tried.get(one)
    if (known?.has(other) === true) return false
    if (known === undefined) tried.set(one, new Set([other]))
    else known.add(other)
    return true
  }
  for (let a = 0; a < left.length && !matcher.isSpent; a++) {
    for (let b = a + 1; b < left.length; b++) {
      const [one, other] = [left[a], left[b]]
      const joined = one !== undefined && other !== undefined && isNew(one, other) ? join(one, other, matcher) : undefined
      if (joined === undefined) continue
      left[a] = joined
      left.splice(b, 1)
      // What it is now may be joined with those that came before.
      a = -1
      break
    }
  }
  return left
}

/** Both as one spine, where that is better. */
function join(one: Spine, other: Spine, matcher: LineMatcher): Spine | undefined {
  if ((one.book !== undefined && other.book !== undefined) || !areNear(one, other)) return undefined
  const spine = matcher.match([...one.lines, ...other.lines], one.book === undefined && other.book === undefined)
  return spine.book !== undefined && spine.confidence >= Math.max(one.confidence, other.confidence) + BETTER ? spine : undefined
}

function areNear(one: Spine, other: Spine): boolean {
  return one.lines.some((a) =>
    other.lines.some((b) => {
      if (!isSamePaper(a, b)) return false
      const { relation, gap } = relate(a.box, b.box)
      return relation !== 'none' && gap <= MERGE_REACH * Math.max(a.box.thickness, b.box.thickness)
    }),
  )
}
