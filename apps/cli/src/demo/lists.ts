import type { Json } from '@headway/protocol'
import { expectThat } from './expect.js'
import type { SlowList, SlowLists } from './slow-lists.js'

const NAMES = 3000
/** So many names are in both lists. */
const IN_BOTH = 500

const HOSTS = '/hosts.txt'
const RULES = '/rules.txt'

/** Two lists with names in common, comments, spaces and what no list needs. */
export const LISTS: Readonly<Record<string, SlowList>> = {
  [HOSTS]: {
    takesMs: 2500,
    text: `# A hosts list\n127.0.0.1 localhost\n${namesFrom(0)
      .map((name) => `0.0.0.0 ${name}\n`)
      .join('')}`,
  },
  [RULES]: {
    takesMs: 1200,
    text: `! A list of rules\n||sub.${nameOf(0)}^\n||nothing$$to^block\n${namesFrom(NAMES - IN_BOTH)
      .map((name) => `  ||${name}^\n`)
      .join('')}`,
  },
}

/** What is compiled from them. */
export function configuration(lists: SlowLists): Json {
  return {
    name: 'Demo',
    sources: [
      { name: 'Hosts', source: lists.url(HOSTS), type: 'hosts' },
      { name: 'Rules', source: lists.url(RULES), transformations: ['TrimLines'] },
    ],
    transformations: ['RemoveComments', 'Compress', 'Validate', 'Deduplicate', 'InsertFinalNewLine'],
  }
}

/** @throws Error when these are not the rules that must come of it */
export function expectRules(lines: readonly string[]): void {
  const rules = lines.filter((line) => line.startsWith('||'))
  const expected = [...namesFrom(0), ...namesFrom(NAMES - IN_BOTH)].map((name) => `||${name}^`)
  expectThat(rules.length === new Set(expected).size, `the list has ${new Set(expected).size} rules (it has ${rules.length})`)
  expectThat(new Set([...rules, ...expected]).size === rules.length, 'each name of both lists is in the compiled one, once')
}

function namesFrom(first: number): string[] {
  return Array.from({ length: NAMES }, (_, index) => nameOf(first + index))
}

function nameOf(index: number): string {
  return `ads-${index}.example.com`
}
