import type { CompileMetrics } from '@headway/filters/compiler'
import { shortBytes } from '../text/bytes.js'
import { cleanLine } from '../text/clean.js'
import { count } from '../text/count.js'
import { plainTable } from '../text/table.js'
import type { Column } from '../text/table.js'

const NAME_LENGTH = 48

/** What a compilation took: for each source, for each transformation, and as a whole. @param wallMs from the start of the process */
export function benchmarkReport(metrics: CompileMetrics, wallMs: number): string {
  return [sourcesTable(metrics), transformationsTable(metrics), wholeTable(metrics, wallMs)].filter((part) => part !== '').join('\n\n')
}

function sourcesTable({ sources }: CompileMetrics): string {
  const rows = sources.map(({ name, source, bytes, loadedCount, ruleCount, durationMs }) => [
    shortened(name === '' ? source : name),
    shortBytes(bytes),
    count(loadedCount),
    count(ruleCount),
    ...speed(loadedCount, durationMs),
  ])
  return plainTable([left('SOURCE'), right('SIZE'), right('LINES IN'), right('LINES OUT'), right('MS'), right('LINES/S')], rows)
}

function transformationsTable({ transformationMetrics = [], sources }: CompileMetrics): string {
  if (transformationMetrics.length === 0) return ''
  const rows = transformationMetrics.map(({ name, source, sourceIndex, inputCount, outputCount, durationMs }) => [
    name,
    shortened(source === undefined ? 'all' : (sources[sourceIndex ?? -1]?.name ?? source)),
    count(inputCount),
    count(outputCount),
    ...speed(inputCount, durationMs),
  ])
  return plainTable([left('TRANSFORMATION'), left('OF'), right('LINES IN'), right('LINES OUT'), right('MS'), right('LINES/S')], rows)
}

function wholeTable({ sources, ruleCount, totalDurationMs }: CompileMetrics, wallMs: number): string {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const lines = sources.reduce((sum, { loadedCount }) => sum + loadedCount, 0)
  const rows = [
    ['compiled', count(lines), count(ruleCount), ...speed(lines, totalDurationMs)],
    ['whole process', count(lines), count(ruleCount), ...speed(lines, wallMs)],
  ]
  const columns = [left(''), right('LINES IN'), right('LINES OUT'), right('MS'), right('LINES/S')]
  const cpuMs = (userCPUTime + systemCPUTime) / 1000
  return `${plainTable(columns, rows)}\n\nprocessor ${count(Math.round(cpuMs))} ms, memory at most ${shortBytes(maxRSS * 1024)}`
}

function speed(lines: number, ms: number): [string, string] {
  return [ms < 10 ? ms.toFixed(1) : count(Math.round(ms)), ms > 0 ? count(Math.round((lines * 1000) / ms)) : '-']
}

function shortened(text: string): string {
  const line = cleanLine(text)
  return line.length > NAME_LENGTH ? `${line.slice(0, NAME_LENGTH - 3)}...` : line
}

function left(head: string): Column {
  return { head, align: 'left' }
}

function right(head: string): Column {
  return { head, align: 'right' }
}
