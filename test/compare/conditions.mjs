/** A directive counts at the start of a line only. */
const IF = /^!#if(.*)$/
const ELSE = /^!#else\s*$/
const END = /^!#endif/

/**
 * Resolves those `!#if` blocks that hold others, and those in them, as they read; flat ones stay as they are.
 * This is the plain meaning of nested blocks: what the peer loses is the `!#else` of the outer one.
 *
 * @param {string} text
 */
export function withoutNestedBlocks(text) {
  const parts = text.split(/([\r\n]+)/)
  const lines = []
  for (let at = 0; at < parts.length; at += 2) lines.push({ text: parts[at], end: parts[at + 1] ?? '' })
  const tree = parse(lines)
  if (tree === undefined || !tree.some((node) => node.condition !== undefined && holdsBlocks(node))) return text
  return tree
    .flatMap((node) => (node.condition !== undefined && holdsBlocks(node) ? resolved(node) : written(node)))
    .map(({ text: line, end }) => line + end)
    .join('')
}

/** Blocks as a tree; undefined when one has no end or no beginning. */
function parse(lines) {
  const root = []
  const open = [{ members: root }]
  for (const line of lines) {
    const current = open.at(-1)
    const [, condition] = IF.exec(line.text) ?? []
    if (condition !== undefined) {
      const node = { condition, line, consequent: [], otherwise: [] }
      current.members.push(node)
      open.push({ node, members: node.consequent })
    } else if (ELSE.test(line.text)) {
      if (current.node === undefined) return undefined
      current.node.elseLine = line
      current.members = current.node.otherwise
    } else if (END.test(line.text)) {
      if (current.node === undefined) return undefined
      current.node.endLine = line
      open.pop()
    } else current.members.push(line)
  }
  return open.length === 1 ? root : undefined
}

const holdsBlocks = ({ consequent, otherwise }) => [...consequent, ...otherwise].some((member) => member.condition !== undefined)

function resolved({ condition, consequent, otherwise }) {
  return (isTrue(condition) ? consequent : otherwise).flatMap((member) => (member.condition === undefined ? [member] : resolved(member)))
}

function written(node) {
  if (node.condition === undefined) return [node]
  return [node.line, ...node.consequent, ...(node.elseLine === undefined ? [] : [node.elseLine, ...node.otherwise]), node.endLine]
}

/** No constant is defined: only `true` is true. */
function isTrue(condition) {
  const tokens = condition.match(/&&|\|\||[!()]|[^\s!&|()]+(?:\s+[^\s!&|()]+)*/g) ?? []
  let at = 0
  const primary = () => {
    const token = tokens[at++]
    if (token === '!') return !primary()
    if (token !== '(') return token === 'true'
    const value = either()
    at++
    return value
  }
  const both = () => {
    let value = primary()
    while (tokens[at] === '&&') {
      at++
      const other = primary()
      value &&= other
    }
    return value
  }
  const either = () => {
    let value = both()
    while (tokens[at] === '||') {
      at++
      const other = both()
      value ||= other
    }
    return value
  }
  return either()
}
