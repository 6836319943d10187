import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { expect, it } from 'vitest'
import { compileLines } from './apply.js'

/** Bits of the first member: 1 for a public suffix of ICANN; then what is below. */
type Branch = readonly [number, Readonly<Record<string, Branch>>]

/** The list as the library has it. */
async function suffixes(): Promise<Branch> {
  const path = createRequire(import.meta.url)
    .resolve('tldts')
    .replace('cjs/index.js', 'es6/src/data/trie.js')
  const text = await readFile(path, 'utf8')
  return ((await import(`data:text/javascript,${encodeURIComponent(text)}`)) as { rules: Branch }).rules
}

function* below([bits, children]: Branch, name: string): Generator<string> {
  if ((bits & 1) === 1 && name !== '') yield name
  for (const [label, child] of Object.entries(children)) yield* below(child, name === '' ? label : `${label}.${name}`)
}

it('every public suffix of the list is refused, and every name right below one is a name', async () => {
  const everything = [...below(await suffixes(), '')]
  const all = everything.filter((name) => /^[a-z0-9.-]{2,}$/.test(name))
  expect(all.length).toBeGreaterThan(5_000)
  const known = new Set(everything)
  expect(await compileLines(all.map((name) => `0.0.0.0 ${name}`).join('\n'), ['Validate'])).toEqual([])
  const names = all.filter((name) => !known.has(`zq.${name}`) && !known.has(`*.${name}`)).map((name) => `||zq.${name}^`)
  expect(await compileLines(names.join('\n'), ['Validate'])).toEqual(names)
  const wild = everything.filter((name) => /^\*\.[a-z0-9.-]+$/.test(name)).map((name) => name.slice(2))
  expect(wild).toContain('ck')
  const anything = wild.flatMap((name) => [`zq.${name}`, `${'long-'.repeat(12)}zq.${name}`])
  expect(await compileLines(anything.map((name) => `||${name}^`).join('\n'), ['Validate'])).toEqual([])
})
