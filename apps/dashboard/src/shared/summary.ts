import type { Job } from '@headway/protocol'

/** How long a summary gets. In characters. */
const MAX_LENGTH = 90
/** Of the server's own. */
const HIDDEN = ['owner', 'seal']
const SAYING = ['name', 'title', 'filename', 'fileName', 'version']

/** What tells a job from others of its type: the name of what it is about, or its first simple parameters. */
export function summaryOf({ input }: Pick<Job, 'input'>): string {
  const parts = partsOf(input)
  const text = parts.join('  ')
  return text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH - 1)}…` : text
}

function partsOf(input: unknown): string[] {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return isSimple(input) && input !== '' ? [String(input)] : []
  const { configuration, ...rest } = input as Record<string, unknown>
  if (typeof configuration === 'object' && configuration !== null && 'name' in configuration) return [String(configuration.name)]
  const entries = Object.entries(rest).filter(([name, value]) => !HIDDEN.includes(name) && isSimple(value) && value !== '')
  const order = (name: string): number => (SAYING.includes(name) ? 0 : 1)
  return entries
    .toSorted(([a], [b]) => order(a) - order(b))
    .slice(0, 4)
    .map(([name, value]) => `${name}=${String(value)}`)
}

function isSimple(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
