const THIN = { minimumFractionDigits: 0 }

/** A number for people. */
export function format(value, digits = 0) {
  return value.toLocaleString('en-GB', { ...THIN, maximumFractionDigits: digits, minimumFractionDigits: digits })
}

/** One case: what it is, its table and its targets. */
export function caseSection({ name, title, about, runs, quick, busy, columns, rows, targets }) {
  const shown = columns.filter(({ key }) => rows.some(({ figures }) => figures[key] !== undefined))
  const head = `| | ${shown.map(({ label }) => label).join(' | ')} |\n|---|${shown.map(({ key }) => (key === 'cpu' ? '---' : '--:')).join('|')}|`
  const body = rows.map((row) => `| ${row.name} | ${shown.map((column) => cell(row.figures[column.key], column)).join(' | ')} |`)
  const rounds = runs === 1 ? 'One run.' : `Median of ${runs} interleaved runs, smallest and largest in brackets.`
  const hint = `${quick ? ' Quick.' : ''}${busy ? ' **The machine was busy with other work: ratios say something, times and rates little.**' : ''}`
  return `## ${title}\n\n\`${name}\`: ${about} ${rounds}${hint}\n\n${[head, ...body].join('\n')}\n\n${targets.map(targetLine).join('\n')}\n`
}

function cell(figure, { key, digits }) {
  if (figure === undefined) return ''
  if (key === 'cpu') return shares(figure)
  const { median, min, max } = figure
  return min === max ? format(median, digits) : `${format(median, digits)} (${format(min, digits)} to ${format(max, digits)})`
}

/** Threads that did something. */
function shares(cpu) {
  const busy = Object.entries(cpu).filter(([, share]) => share >= 0.01)
  return busy.map(([thread, share]) => `${thread} ${format(share, 2)}`).join(', ')
}

/** Whether one target holds, in a line. */
export function targetLine({ text, unit, measured, atLeast, atMost, holds }) {
  const digits = Math.abs(measured) < 100 ? 2 : 0
  const wanted =
    atLeast === undefined ? `at most ${format(atMost, atMost < 100 ? 1 : 0)}` : `at least ${format(atLeast, atLeast < 100 ? 1 : 0)}`
  return `- ${holds ? 'Holds' : '**Missed**'}: ${text}: ${format(measured, digits)} ${unit}, target ${wanted}`
}

/** The page `docs/benchmarks/README.md`. */
export function page({ machine, cases }, charts) {
  const targets = cases.flatMap((found) => found.targets)
  const missed = targets.filter(({ holds }) => !holds).length
  const facts = `Node ${machine.node}, ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB of memory, ${machine.os}.`
  return `# Benchmarks

Made by \`npm run bench\`; the figures are in [results.json](results.json). ${facts}
Every contender runs in a process of its own and the clients in another one, all on this one machine, over the loopback interface. Ratios are the
median of the ratios within each round, because absolute figures depend on the machine and on what else it does.

${targets.length} targets, ${missed === 0 ? 'all hold' : `${missed} missed`}.

${charts.map(({ file, label }) => `![${label}](${file})`).join('\n\n')}

${cases.map(caseSection).join('\n')}`
}
