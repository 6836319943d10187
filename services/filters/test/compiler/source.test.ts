import { compile, CompileError } from '@headway/filters/compiler'
import type { CompileOptions } from '@headway/filters/compiler'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'headway-compiler-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** The lines of `main.txt` in the folder that these files are put in. */
async function read(files: Record<string, string | Uint8Array>, options: CompileOptions = {}): Promise<string[]> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const { rules } = await compile({ name: 'n', sources: [{ source: 'main.txt' }] }, { localFolder: folder, ...options })
  return rules.slice(rules.indexOf('! Source: main.txt') + 2)
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  )
  expect(error).toBeInstanceOf(CompileError)
  return (error as CompileError).code
}

describe('lines of a source', () => {
  it.each([
    ['a\nb\r\n\r\n c \n\t\nd\u2028e\u0085f\u000bg\fh\r\ri\n', ['a', 'b', ' c ', '\t', 'd\u2028e\u0085f\u000bg\fh', 'i']],
    ['\ufeffa\nb', ['a', 'b']],
    ['', ['']],
    ['  \n ', ['']],
    ['\n a\n b \n', ['a', ' b']],
    ['\u00a0\n\ufeffa\ufeff\nb\u3000\n', ['a\ufeff', 'b']],
    ['only', ['only']],
  ])('of %j', async (text, lines) => {
    expect(await read({ 'main.txt': text })).toEqual(lines)
    const { rules } = await compile({ name: 'n', sources: [{ source: 'x' }] }, { preFetched: { x: text } })
    expect(rules.slice(rules.indexOf('! Source: x') + 2)).toEqual(lines)
  })

  it('reads bytes that are not UTF-8 as replacement characters', async () => {
    expect(await read({ 'main.txt': Uint8Array.from([97, 0xff, 10, 0xc3, 10, 98]) })).toEqual(['a\ufffd', '\ufffd', 'b'])
  })

  it('splits the same whatever the place where a large text is cut for decoding', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => (i % 997 === 0 ? `é${i}` : `line-${i}`))
    expect(await read({ 'main.txt': lines.join('\r\n') })).toEqual(lines)
    expect(await read({ 'main.txt': lines.join('\r') })).toEqual(lines)
  })
})

describe('!#if', () => {
  it.each([
    ['true', true],
    ['false', false],
    ['!x', true],
    ['!!true', true],
    ['x || (true)', true],
    ['true && !x', true],
    ['!(true && x)', true],
    ['x && y || true', true],
    ['TRUE', false],
    ['true x', false],
    ['a(b)', false],
    ['(true)(true)', false],
    // Ours: the reference misreads operators without spaces.
    ['true||x', true],
    ['true&&true', true],
    ['x||true', true],
    ['(x||!y)&&true', true],
  ])('%s', async (condition, isTrue) => {
    expect(await read({ 'main.txt': `!#if ${condition}\nyes\n!#else\nno\n!#endif` })).toEqual([isTrue ? 'yes' : 'no'])
  })

  it.each(['', '()', '!', '&&', 'true &&', '(true', 'true)', ')('])('refuses %j', async (condition) => {
    expect(await codeOf(read({ 'main.txt': `!#if ${condition}\nyes\n!#endif` }))).toBe('INVALID_DIRECTIVE')
  })

  it.each(['!#if true\na', 'a\n!#else\nb', 'a\n!#endif', '!#if true\na\n!#elsewhere\nb\n!#endif'])('refuses %j', async (text) => {
    expect(await codeOf(read({ 'main.txt': text }))).toBe('INVALID_DIRECTIVE')
  })

  it('counts at column 0 only, and may touch its condition', async () => {
    expect(await read({ 'main.txt': 'a\n !#if x\n!#if(true)\nb\n!#endif x\n!#other' })).toEqual(['a', ' !#if x', 'b', '!#other'])
  })

  it('keeps the outer !#else of a nested one (ours)', async () => {
    const text = '!#if x\nA\n!#if true\nB\n!#endif\nC\n!#else\nD\n!#endif\nE'
    expect(await read({ 'main.txt': text })).toEqual(['D', 'E'])
    expect(await read({ 'main.txt': text.replace('x', 'true') })).toEqual(['A', 'B', 'C', 'E'])
  })

  it('takes a condition of 9,000 parentheses and one that is too long', async () => {
    const deep = (depth: number) => `!#if ${'('.repeat(depth)}true${')'.repeat(depth)}\nyes\n!#endif`
    expect(await read({ 'main.txt': deep(4_500) })).toEqual(['yes'])
    expect(await codeOf(read({ 'main.txt': deep(10_000) }))).toBe('INVALID_DIRECTIVE')
  })

  it('leaves nothing where all is dropped', async () => {
    expect(await read({ 'main.txt': '!#if x\nb\n!#endif' })).toEqual([])
  })
})

describe('!#include', () => {
  it('puts in files relative to the including one, trimmed, with their own includes and conditions', async () => {
    const files = {
      'main.txt': 'a\n!#include sub/b.txt\n!#includec.txt\nz',
      'sub/b.txt': '  b \n!#if true\n!#include ./d.txt\n!#endif\n!#include ../c.txt\n',
      'sub/d.txt': 'd',
      'c.txt': '',
    }
    expect(await read(files)).toEqual(['a', 'b ', 'd', '', '', 'z'])
  })

  it('follows none in a branch that is dropped, and none that is indented', async () => {
    expect(await read({ 'main.txt': '!#if x\n!#include none.txt\n!#endif\n !#include none.txt\na' })).toEqual([' !#include none.txt', 'a'])
  })

  it('drops ! Diff-Path: of an include in its first 50 lines', async () => {
    const files = { 'main.txt': '! Diff-Path: main\n!#include i.txt', 'i.txt': `! Diff-Path: a\nb\n${'x\n'.repeat(50)}! Diff-Path: c` }
    const lines = await read(files)
    expect(lines.slice(0, 2)).toEqual(['! Diff-Path: main', 'b'])
    expect(lines.at(-1)).toBe('! Diff-Path: c')
  })

  it.each([
    ['a missing file', { 'main.txt': '!#include none.txt' }, 'SOURCE_NOT_FOUND'],
    ['nothing', { 'main.txt': '!#include ' }, 'INVALID_DIRECTIVE'],
    ['itself', { 'main.txt': 'a\n!#include main.txt' }, 'INCLUDE_CYCLE'],
    ['what includes it', { 'main.txt': '!#include b.txt', 'b.txt': '!#include ./main.txt' }, 'INCLUDE_CYCLE'],
    ['a file outside', { 'main.txt': '!#include ../outside.txt' }, 'LOCAL_PATH_REFUSED'],
  ])('refuses %s', async (_what, files, code) => {
    expect(await codeOf(read(files))).toBe(code)
  })

  it('has limits of depth, number, lines and bytes', async () => {
    const chain = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i === 0 ? 'main.txt' : `${i}.txt`, `!#include ${i + 1}.txt`]))
    expect(await codeOf(read({ ...chain, '20.txt': 'end' }))).toBe('INCLUDE_TOO_DEEP')
    const many = { 'main.txt': '!#include i.txt\n'.repeat(6), 'i.txt': 'a\nb' }
    expect(await codeOf(read(many, { limits: { includes: 5 } }))).toBe('TOO_MANY_INCLUDES')
    expect(await codeOf(read(many, { limits: { totalLines: 10 } }))).toBe('TOO_MANY_LINES')
    expect(await codeOf(read(many, { limits: { sourceBytes: 20 } }))).toBe('SOURCE_TOO_LARGE')
    expect(await codeOf(read(many, { limits: { totalBytes: 100 } }))).toBe('SOURCE_TOO_LARGE')
  })

  it('stays at the origin of the list', async () => {
    const load = (text: string) =>
      compile(
        { name: 'n', sources: [{ source: 'https://a.example/x/list.txt' }] },
        { preFetched: { 'https://a.example/x/list.txt': text, 'https://a.example/y.txt': 'y' } },
      )
    expect((await load('!#include ../y.txt')).rules.at(-1)).toBe('y')
    expect(await codeOf(load('!#include https://b.example/y.txt'))).toBe('INCLUDE_OTHER_ORIGIN')
    expect(await codeOf(load('!#include //b.example/y.txt'))).toBe('INCLUDE_OTHER_ORIGIN')
    expect(await codeOf(load('!#include file:///etc/passwd'))).toBe('INCLUDE_OTHER_ORIGIN')
  })
})

describe('files', () => {
  it('are read only inside a named folder', async () => {
    await writeFile(join(folder, 'a.txt'), 'a')
    await mkdir(join(folder, 'in'))
    await symlink(join(folder, 'a.txt'), join(folder, 'in/link.txt'))
    const one = (source: string, localFolder?: string) =>
      codeOf(compile({ name: 'n', sources: [{ source }] }, localFolder === undefined ? {} : { localFolder }))
    expect(await one(join(folder, 'a.txt'))).toBe('INVALID_CONFIGURATION')
    expect(await one('../a.txt', join(folder, 'in'))).toBe('LOCAL_PATH_REFUSED')
    expect(await one('link.txt', join(folder, 'in'))).toBe('LOCAL_PATH_REFUSED')
    expect(await one('.', folder)).toBe('LOCAL_PATH_REFUSED')
    expect(await one('none.txt', folder)).toBe('SOURCE_NOT_FOUND')
  })

  it.skipIf(process.platform === 'win32')('that are pipes are refused, not waited for', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')])
    expect(await codeOf(compile({ name: 'n', sources: [{ source: 'pipe' }] }, { localFolder: folder }))).toBe('LOCAL_PATH_REFUSED')
  })
})

describe('URLs where no `load` is given', () => {
  it('are downloaded as `download` says', async () => {
    const server = createServer((_request, response) => response.end('||a^'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const source = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    expect(await codeOf(compile({ name: 'n', sources: [{ source }] }))).toBe('BLOCKED_ADDRESS')
    const { rules } = await compile({ name: 'n', sources: [{ source }] }, { download: { allowAddresses: ['127.0.0.0/8'] } })
    expect(rules.at(-1)).toBe('||a^')
    await new Promise<void>((resolve) => server.close(() => resolve()))
  })
})
