import { readFileSync } from 'node:fs'
import { domainToASCII } from 'node:url'
import { areSame } from '../../test/compare/outcome.mjs'

/**
 * Where two compiled lists differ for another reason than the one that is known: HostlistCompiler's ConvertToAscii cuts off what stands around a name in
 * lines that are not ASCII (test/compare/allowed.mjs, only-names-in-ascii), so that some rules are left of which ours has nothing.
 *
 * @param {string} peer file of HostlistCompiler's list
 * @param {string} ours file of our list
 * @param {{ transformations: string[] }} configuration
 * @param {string[]} sources files
 * @returns {string[]} lines that only one of them has; none when they are the same
 */
export function unexplained(peer, ours, { transformations }, sources) {
  const [a, b] = [peer, ours].map((file) => ({ lines: readFileSync(file, 'utf8').split('\n') }))
  if (areSame(a, b)) return []
  const [inPeer, inOurs] = [new Set(a.lines), new Set(b.lines)]
  const different = [...a.lines.filter((line) => !inOurs.has(line)), ...b.lines.filter((line) => !inPeer.has(line))].filter(
    (line) => !/^! (?:Last modified:|Compiled by)/.test(line),
  )
  if (!transformations.includes('ConvertToAscii')) return different
  const cut = namesInForeignLines(sources)
  return different.filter((line) => !parentsOf(line.replace(/^@@|\||\^.*$/g, '')).some((name) => cut.has(name)))
}

/** All names, in ASCII, of lines that are not. */
function namesInForeignLines(sources) {
  const names = new Set()
  for (const source of sources) {
    for (const line of readFileSync(source, 'utf8').split('\n')) {
      if (Buffer.byteLength(line) === line.length) continue
      for (const [name] of line.matchAll(/[\p{L}\p{N}_*-]+(?:\.[\p{L}\p{N}_*-]+)+/gu)) names.add(domainToASCII(name))
    }
  }
  return names
}

/** A name and what it belongs to: a.b.c, b.c, c. */
function parentsOf(name) {
  const labels = name.split('.')
  return labels.map((_, index) => labels.slice(index).join('.'))
}
