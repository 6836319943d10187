/**
 * Why a file of the resources is not what its manifest says; undefined when it is.
 *
 * @param {import('../hash-file.mjs').FileFacts} facts
 * @param {{ size: number, sha256: string }} expected
 * @returns {string | undefined} goes after the name of the file
 */
export function lieOf(facts, { size, sha256 }) {
  if (facts.trouble === 'missing') return 'is missing'
  if (facts.trouble === 'other') return 'is no regular file'
  if (facts.trouble !== undefined) return `can't be read: ${facts.trouble}`
  if (facts.size !== size) return `has ${facts.size} bytes instead of ${size}`
  return facts.sha256 === sha256 ? undefined : 'has another content than its manifest says'
}
