import { CompileError, validateConfiguration } from '@headway/filters/compiler'
import type { ConfigurationRules } from '@headway/filters/compiler'
import { describe, expect, it } from 'vitest'

const sources = [{ source: 'a.txt' }]

/** The pointers and messages of what is wrong. */
function errorsOf(value: unknown, rules: ConfigurationRules = {}): [string, string][] {
  try {
    validateConfiguration(value, rules)
  } catch (error) {
    expect(error).toBeInstanceOf(CompileError)
    expect((error as CompileError).code).toBe('INVALID_CONFIGURATION')
    return ((error as CompileError).fields ?? []).map(({ pointer, message }) => [pointer, message])
  }
  return []
}

describe('validateConfiguration', () => {
  it('takes everything that the original documents', () => {
    const level = {
      transformations: ['Deduplicate', 'Deduplicate'],
      exclusions: [''],
      exclusions_sources: ['x'],
      inclusions: ['*'],
      inclusions_sources: [],
    }
    const configuration = {
      name: 'n',
      description: '',
      homepage: 'h',
      license: 'l',
      version: '1',
      ...level,
      sources: [{ source: 's', name: 'n', type: 'hosts', ...level }],
    }
    expect(validateConfiguration(configuration)).toBe(configuration)
  })

  it.each([
    ['text', '', 'must be an object, not a string'],
    [null, '', 'must be an object, not null'],
    [[], '', 'must be an object, not an array'],
  ])('refuses %j', (value, pointer, message) => {
    expect(errorsOf(value)).toContainEqual([pointer, message])
  })

  it('names what is missing', () => {
    expect(errorsOf({})).toEqual([
      ['/name', 'is missing'],
      ['/sources', 'is missing'],
    ])
  })

  it('names an unknown key and those that there are, at both levels', () => {
    expect(errorsOf({ name: 'n', sources, 'a/b~': 1 })[0]?.[0]).toBe('/a~1b~0')
    const [pointer, message] = errorsOf({ name: 'n', sources: [{ source: 's', exclusion: [] }] })[0] ?? []
    expect(pointer).toBe('/sources/0/exclusion')
    expect(message).toContain('"exclusion" is none of source, name, type, transformations, exclusions')
  })

  it('names an unknown transformation and those that there are', () => {
    const [pointer, message] = errorsOf({ name: 'n', sources, transformations: ['Compress', 'compress'] })[0] ?? []
    expect(pointer).toBe('/transformations/1')
    expect(message).toMatch(/must be one of ConvertToAscii, .*InsertFinalNewLine, not "compress"/)
  })

  it.each([
    ['/name', { name: '', sources }],
    ['/sources', { name: 'n', sources: [] }],
    ['/sources/0/source', { name: 'n', sources: [{ source: '' }] }],
    ['/sources/0/name', { name: 'n', sources: [{ source: 's', name: '' }] }],
    ['/sources/0/type', { name: 'n', sources: [{ source: 's', type: 'dns' }] }],
    ['/sources/1', { name: 'n', sources: [{ source: 's' }, 's'] }],
    ['/exclusions/1', { name: 'n', sources, exclusions: ['a', 1] }],
    ['/inclusions', { name: 'n', sources, inclusions: 'a' }],
    ['/version', { name: 'n', sources, version: 1 }],
  ])('points to %s', (pointer, value) => {
    expect(errorsOf(value).map(([at]) => at)).toEqual([pointer])
  })

  it('refuses two of the validating transformations in one list', () => {
    expect(errorsOf({ name: 'n', sources, transformations: ['Validate', 'ValidateAllowIp'] })).toEqual([
      ['/transformations', 'may have one of Validate, ValidateAllowIp, not several'],
    ])
    expect(errorsOf({ name: 'n', sources, transformations: ['Validate', 'Validate'] })).toEqual([])
  })

  it('refuses one at a source and one at the top', () => {
    const value = {
      name: 'n',
      sources: [{ source: 'a' }, { source: 'b', transformations: ['ValidateAllowIp'] }],
      transformations: ['Validate'],
    }
    expect(errorsOf(value).map(([at]) => at)).toEqual(['/sources/1/transformations'])
  })

  it.each([
    ['/exclusions/1', { name: 'n', sources, exclusions: ['a', '/(/'] }, 'is not a regular expression: Unterminated group'],
    ['/inclusions/0', { name: 'n', sources, inclusions: ['/[/', '/'] }, 'is not a regular expression: Unterminated character class'],
    [
      '/sources/0/exclusions/0',
      { name: 'n', sources: [{ source: 's', exclusions: ['/*/'] }] },
      'is not a regular expression: Nothing to repeat',
    ],
    ['/exclusions/0', { name: 'n', sources, exclusions: ['x'.repeat(20_000)] }, 'has 20000 characters; at most 10000 are allowed'],
    [
      '/sources',
      { name: 'n', sources: Array.from({ length: 2_000 }, () => ({ source: 's' })) },
      'has 2000 items; at most 1000 are allowed',
    ],
    [
      '/inclusions',
      { name: 'n', sources, inclusions: Array.from({ length: 200_001 }, () => 'a') },
      'has 200001 patterns; at most 200000 are allowed at one level',
    ],
  ])('points to %s before anything is loaded', (pointer, value, message) => {
    expect(errorsOf(value)).toEqual([[pointer, message]])
  })

  it('says which sources can not be loaded, where it is told what can', () => {
    const value = {
      name: 'n',
      sources: [
        { source: 'https://example.org/a' },
        { source: 'ftp://u:secret@x/' },
        { source: 'a.txt' },
        { source: 'given' },
        { source: ' http://[' },
      ],
      inclusions_sources: ['b.txt'],
    }
    const places = { localFiles: false, isPreFetched: (source: string) => source === 'given' }
    const errors = errorsOf(value, { places })
    expect(errors.map(([pointer]) => pointer)).toEqual([
      '/inclusions_sources/0',
      '/sources/1/source',
      '/sources/2/source',
      '/sources/4/source',
    ])
    expect(errors[1]?.[1]).toBe("can't be loaded: Sources are downloaded by http and https only, not by ftp:")
    expect(JSON.stringify(errors)).not.toContain('secret')
    expect(errorsOf(value, { places: { ...places, localFiles: true } }).map(([pointer]) => pointer)).toEqual([
      '/sources/1/source',
      '/sources/4/source',
    ])
    expect(errorsOf(value)).toEqual([])
  })

  it('gives at most 100 errors', () => {
    expect(errorsOf({ name: 'n', sources: Array.from({ length: 500 }, () => ({})) })).toHaveLength(100)
  })
})
