import { cornersOf } from '../ocr/line-box.js'
import { extentOf, overlap } from './line.js'
import type { Extent, Line } from './line.js'

/** Lines that share so much of the shorter one's length are lines of one paragraph. */
const SAME_BLOCK = 0.4

/** The lines of a spine as a person reads them: from block to block along the text, in a block line under line. */
export function readingOrder(lines: readonly Line[]): Line[] {
  const direction = directionOf(lines)
  if (direction === undefined) return []
  const placed = lines
    .map((line) => ({ line, extent: extentOf(cornersOf(line.box), direction) }))
    .toSorted((a, b) => b.line.box.length - a.line.box.length)
  const blocks: { along: readonly [number, number]; members: { line: Line; extent: Extent }[] }[] = []
  for (const member of placed) {
    const block = blocks.find(({ along }) => overlap(along, member.extent.along) >= SAME_BLOCK)
    if (block === undefined) blocks.push({ along: member.extent.along, members: [member] })
    else block.members.push(member)
  }
  return blocks
    .toSorted((a, b) => a.along[0] - b.along[0])
    .flatMap(({ members }) => members.toSorted((a, b) => a.extent.across[0] - b.extent.across[0]))
    .map(({ line }) => line)
}

/** The way in which most of the text runs. */
export function directionOf(lines: readonly Line[]): Line['direction'] | undefined {
  return lines.toSorted((a, b) => b.text.length * b.confidence - a.text.length * a.confidence)[0]?.direction
}
