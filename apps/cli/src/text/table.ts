import Table from 'cli-table3'

/** Columns with two spaces between them, and no other lines: they can be read, cut and searched. */
const LAYOUT = {
  chars: Object.fromEntries(
    ['top', 'bottom', 'mid'].flatMap((line) => ['', '-mid', '-left', '-right'].map((end) => [line + end, ''])),
  ) as Record<string, string>,
  style: { head: [], border: [], compact: true, 'padding-left': 0, 'padding-right': 2 },
} as const

export interface Column {
  readonly head: string
  readonly align: 'left' | 'right'
}

/** Rows below their heads; lines have no white space at their ends. */
export function plainTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const table = new Table({
    chars: { ...LAYOUT.chars, left: '', 'left-mid': '', right: '', 'right-mid': '', middle: '', 'mid-mid': '' },
    style: { ...LAYOUT.style, head: [...LAYOUT.style.head], border: [...LAYOUT.style.border] },
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ align }) => align),
  })
  table.push(...rows.map((row) => [...row]))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
}
