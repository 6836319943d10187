import { describe, expect, it } from 'vitest'
import { EventReader } from '../src/watch/read-event.js'

const SOURCE = { source: { name: 'Hosts', source: 'https://example.org/hosts.txt' }, sourceIndex: 0, totalSources: 2 }
const EVENT = { eventId: 'e1', timestamp: '2026-11-22T08:00:00.000Z' }

function shown(type: string, data: unknown) {
  return new EventReader().read({ seq: 1, at: EVENT.timestamp, type, data })
}

describe('an event of a compilation, watched', () => {
  it.each([
    ['source:start', SOURCE, 'debug', 'Hosts: loading'],
    ['source:complete', { ...SOURCE, ruleCount: 54_785, durationMs: 412.4 }, 'stdout', 'Hosts: 54,785 rules, 412 ms'],
    ['source:complete', { ...SOURCE, source: { ...SOURCE.source, name: '' } }, 'stdout', 'https://example.org/hosts.txt: loaded'],
    ['source:error', { ...SOURCE, error: 'It answered 404.' }, 'error', 'Hosts: It answered 404.'],
    [
      'transformation:complete',
      { name: 'Compress', inputCount: 741_000, outputCount: 12, durationMs: 1234 },
      'debug',
      'Compress: 741,000 lines in, 12 out, 1.2s',
    ],
    [
      'diagnostic',
      { ...EVENT, category: 'download', severity: 'warn', message: 'A second try.', metadata: { attempt: 2 } },
      'stderr',
      'A second try.',
    ],
    [
      'cache',
      { ...EVENT, category: 'cache', operation: 'hit', key: '0123456789abcdef', size: 1536 },
      'debug',
      'cache hit 01234567, 1.5 KiB',
    ],
    [
      'network',
      { method: 'GET', url: 'https://example.org/', statusCode: 200, durationMs: 20, responseSize: 23_000_000 },
      'debug',
      'GET https://example.org/: 200, 22 MiB, 20 ms',
    ],
    ['network', { method: 'GET', url: 'https://example.org/' }, 'debug', 'GET https://example.org/: no answer'],
    [
      'metric',
      { metric: 'download_speed', value: 218.512_34, unit: 'KB/s', dimensions: { source: 'Hosts' } },
      'debug',
      'download_speed 218.5 KB/s (source Hosts)',
    ],
    ['diff', { added: 3, removed: 1200 }, 'stdout', 'Since the list of this name before: 3 rules added, 1,200 removed'],
  ])('%s is words: %#', (type, data, level, text) => {
    expect(shown(type, data)).toEqual([{ kind: 'line', level, text }])
  })

  it('moves the bar', () => {
    expect(shown('progress', { done: 40, total: 100, message: '1 of 2 sources', phase: 'sources', current: 1, of: 2 })).toEqual([
      { kind: 'progress', percent: 40, message: '1 of 2 sources' },
    ])
    expect(shown('progress', { done: 1, total: 4, message: 'Other job' })).toEqual([
      { kind: 'progress', percent: 25, message: 'Other job' },
    ])
    expect(shown('transformation:start', { name: 'Compress', inputCount: 1000 })).toEqual([
      { kind: 'progress', message: 'Compress: 1,000 lines' },
    ])
  })
})

it('the end of a compilation tells how large the list is', () => {
  const result = { rules: { blob: 'b', size: 1, sha256: 'c' }, ruleCount: 5507, metrics: { sourceCount: 1 } }
  expect(shown('completed', { result })).toEqual([
    { kind: 'line', level: 'stdout', text: 'The list has 5,507 lines, from 1 source.' },
    { kind: 'progress', percent: 100, message: 'completed' },
  ])
  expect(shown('completed', { result: { ruleCount: 3 } })).toEqual([{ kind: 'progress', percent: 100, message: 'completed' }])
})

it('an event of the same name by another job type is its JSON', () => {
  expect(shown('cache', { operation: 'flush' })).toEqual([{ kind: 'line', level: 'stdout', text: 'cache {"operation":"flush"}' }])
})
