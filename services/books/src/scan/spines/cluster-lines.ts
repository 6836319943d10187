import type { Picture } from '../photo/picture.js'
import type { UnreadLine } from './line.js'
import { isOpen, isSamePaper, relate } from './relation.js'
import type { Relation } from './relation.js'

/** A line's thickness times this: text further off belongs to another book, whatever the paper. */
const FARTHEST = 40

/** Groups lines that stand on the same paper with no edge between them. Each group is a spine, or several of the same colour. */
export function clusterLines<Line extends UnreadLine>(picture: Picture, lines: readonly Line[]): Line[][] {
  return groupBy(lines, (a, b) => {
    if (!isSamePaper(a, b)) return false
    const { relation, gap, ways } = relate(a.box, b.box)
    if (relation === 'none' || gap > FARTHEST * Math.max(a.box.thickness, b.box.thickness)) return false
    return isOpen(picture, ways, a.background, b.background)
  })
}

/** Takes a group apart into those of its lines that lie in one relation only: books of one colour that stand side by side. */
export function splitBy<Line extends UnreadLine>(lines: readonly Line[], relation: Relation): Line[][] {
  return groupBy(lines, (a, b) => relate(a.box, b.box).relation === relation)
}

/** Groups whose members are joined, directly or over others. */
export function groupBy<Member>(members: readonly Member[], joined: (a: Member, b: Member) => boolean): Member[][] {
  let groups: Member[][] = []
  for (const member of members) {
    const near = groups.filter((group) => group.some((other) => joined(member, other)))
    groups = [...groups.filter((group) => !near.includes(group)), [...near.flat(), member]]
  }
  return groups
}
