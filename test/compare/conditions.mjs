/** A directive counts at the start of a line only, which in the first one may be a byte order mark. */
const IF = /^\ufeff?!#if(.*)$/
const ELSE = /^!#else\s*$/
const END = /^!#endif/

/**
 * Resolves the `!#if` blocks that stand in others, as they read; the outer ones stay, so that the ends of the text are what they were.
 * This is the plain meaning of nested blocks: what the peer loses is the `!#else` of the outer one.
 *
 * @param {string} text
 */
export function withoutNestedBlocks(text) {
  const parts = text.split(/([\r\n]+)/)
  const lines = []
  for (let at = 0; at < parts.length; at += 2) lines.push({ text: parts[at], end: parts[at + 1] ?? '' })
  const tree = parse(lines)
  if (tree === undefined) return text
  return tree
    .flatMap(written)
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

/** The lines of what stands at the top, with what is in it resolved. */
function written(node) {
  if (node.condition === undefined) return [node]
  const otherwise = node.elseLine === undefined ? [] : [node.elseLine, ...node.otherwise.flatMap(resolved)]
  return [node.line, ...node.consequent.flatMap(resolved), ...otherwise, node.endLine]
}

function resolved(member) {
  if (member.condition === undefined) return [member]
  return (isTrue(member.condition) ? member.consequent : member.otherwise).flatMap(resolved)
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
