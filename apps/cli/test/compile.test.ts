import { execFile } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { chmod, mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Command, MAIN, run, workFolder } from './support/command.js'
import { listOf, sourceServer } from './support/source-server.js'
import { Terminal } from './support/terminal.js'

const CONFIGURATION = JSON.stringify({
  name: 'Mine',
  version: '1',
  sources: [{ source: 'lists/hosts.txt' }, { name: 'Second', source: 'lists/rules.txt', transformations: ['TrimLines'] }],
  transformations: ['RemoveComments', 'Deduplicate'],
})

const LISTS = {
  'lists/hosts.txt': '# a hosts list\n0.0.0.0 ads.example.com\n0.0.0.0 ads.example.com\n',
  'lists/rules.txt': '! rules\n  ||b.example.org^  \n',
}

/** What they come to, with the two lines of the header that vary left out. */
const COMPILED = ['!', '! Title: Mine', '! Version: 1', '!', '!', '0.0.0.0 ads.example.com', '||b.example.org^']

/** Lines of a list but for those that vary. */
function steady(text: string): string[] {
  return text.split('\n').filter((line) => !/^! (?:Last modified|Compiled by)/.test(line))
}

/** A command with a home of its own. */
function compile(folder: string, args: readonly string[], input?: string) {
  return run(folder, ['compile', ...args], { HOME: folder }, input === undefined ? {} : { input })
}

async function listIn(folder: string, name = 'out.txt'): Promise<string[]> {
  return steady(await readFile(join(folder, name), 'utf8'))
}

/** Nothing unfinished is left beside the output. */
async function expectTidy(folder: string): Promise<void> {
  expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([])
}

describe('headway compile', () => {
  it('compiles what a configuration names, from files relative to the working directory', async () => {
    const folder = await workFolder({ ...LISTS, 'elsewhere/mine.json': CONFIGURATION })
    const { code, stdout, stderr } = await compile(folder, ['-c', 'elsewhere/mine.json', '-o', 'out.txt'])
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' })
    expect(await listIn(folder)).toEqual(COMPILED)
    expect(stderr).toMatch(
      /^(?:lists\/hosts\.txt: 3 rules, .*\n|Second: 2 rules, .*\n){2}9 lines from 2 sources in .+, written to out\.txt\n$/,
    )
    await expectTidy(folder)
  })

  it.each([
    ['mine.yaml', 'name: Mine\nversion: "1"\nsources:\n  - source: lists/hosts.txt\ntransformations: [RemoveComments, Deduplicate]\n'],
    [
      'mine',
      '# a comment\nname: Mine\nversion: "1"\nsources: [{ source: lists/hosts.txt }]\ntransformations: [RemoveComments, Deduplicate]',
    ],
    [
      'mine.conf',
      '{"name":"Mine","version":"1","sources":[{"source":"lists/hosts.txt"}],"transformations":["RemoveComments","Deduplicate"]}',
    ],
  ])('reads a configuration in %s', async (name, text) => {
    const folder = await workFolder({ ...LISTS, [name]: text })
    const { code, stdout, stderr } = await compile(folder, ['-c', name, '--stdout', '--quiet'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(steady(stdout)).toEqual(COMPILED.slice(0, -1))
  })

  it('reads a configuration from the standard input, and gives nothing but the list on the standard output', async () => {
    const folder = await workFolder(LISTS)
    const { code, stdout, stderr } = await compile(folder, ['-c', '-', '--stdout'], CONFIGURATION)
    expect(code, stderr).toBe(0)
    expect(steady(stdout)).toEqual(COMPILED)
    expect(stderr).toMatch(/written to the standard output\n$/)
  })

  // The expected lines are those of the original's command with the same inputs.
  it.each([[[]], [['-t', 'hosts']], [['--input-type', 'adblock']]])('compiles inputs without a configuration: %j', async (flags) => {
    const folder = await workFolder({
      'hosts.txt':
        '# comment\n0.0.0.0 ads.example.com\n  \n\t spaced.example.com  \n0.0.0.0 sub.ads.example.com\n! c\n||a.example.org^$third-party\n' +
        '||a.example.org^\n@@||x.example.org^\n||net^\n0.0.0.0 net\n||1.2.3.4^\n##.ad\n',
      'more.txt': '||b.example.org^$popup\n||c.example.org^\n',
    })
    const { code, stderr } = await compile(folder, ['-i', 'hosts.txt', '-i', 'more.txt', ...flags, '-o', 'out.txt'])
    expect(code, stderr).toBe(0)
    expect(await listIn(folder)).toEqual([
      '!',
      '! Title: Blocklist',
      '!',
      '!',
      '||ads.example.com^',
      '',
      '||spaced.example.com^',
      '||a.example.org^',
      '@@||x.example.org^',
      '||c.example.org^',
      '',
    ])
  })

  it('reads what has no size, such as the pipe of a shell', async () => {
    const folder = await workFolder()
    const shell = ['bash', '-c', '"$0" "$@" -i <(printf "0.0.0.0 piped.example.com\\n") --stdout'] as const
    const { stdout, stderr } = await run(folder, [process.execPath, MAIN, 'compile'], { HOME: folder }, { program: [...shell] })
    expect(steady(stdout), stderr).toContain('||piped.example.com^')
  })

  it('waits for the writer of a pipe, and does not when it is stopped', async () => {
    const folder = await workFolder()
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')])
    const command = new Command(folder, ['compile', '-i', 'pipe', '--stdout', '--verbose'], { HOME: folder })
    await command.complains(/pipe: loading\n/)
    command.process.kill('SIGINT')
    expect(await command.exit).toBe(130)
    const patient = new Command(folder, ['compile', '-i', 'pipe', '--stdout', '--verbose'], { HOME: folder })
    await patient.complains(/pipe: loading\n/)
    await writeFile(join(folder, 'pipe'), '0.0.0.0 piped.example.com\n')
    expect(await patient.exit).toBe(0)
    expect(steady(patient.stdout)).toContain('||piped.example.com^')
  })

  it('says with --verbose what happens, with --quiet nothing', async () => {
    const folder = await workFolder({ ...LISTS, 'mine.json': CONFIGURATION })
    const verbose = await compile(folder, ['-c', 'mine.json', '-o', 'out.txt', '--verbose'])
    expect(verbose.stderr).toMatch(/^Second: loading$/m)
    expect(verbose.stderr).toMatch(/^Deduplicate: \d+ lines in, \d+ out, \d+ ms$/m)
    const quiet = await compile(folder, ['-c', 'mine.json', '-o', 'out.txt', '--quiet'])
    expect(quiet).toMatchObject({ code: 0, stdout: '', stderr: '' })
  })

  it('reports with --benchmark what each source and each transformation took', async () => {
    const folder = await workFolder({ ...LISTS, 'mine.json': CONFIGURATION })
    const { code, stdout, stderr } = await compile(folder, ['-c', 'mine.json', '--stdout', '--benchmark'])
    expect(code, stderr).toBe(0)
    expect(stdout).not.toContain('LINES')
    expect(stderr).toMatch(
      /^SOURCE +SIZE +LINES IN +LINES OUT +MS +LINES\/S\nlists\/hosts\.txt +\d+ bytes +3 +3 +\S+ +\S+\nSecond +\d+ bytes +2 +2 /m,
    )
    expect(stderr).toMatch(/^TRANSFORMATION +OF +LINES IN +LINES OUT +MS +LINES\/S\nTrimLines +Second +2 +2 /m)
    expect(stderr).toMatch(/^Deduplicate +all +\d+ +\d+ /m)
    expect(stderr).toMatch(/^whole process +5 +9 /m)
    expect(stderr).toMatch(/processor \d+ ms, memory at most \d+ MiB\n$/)
  })
})

describe('the output of headway compile', () => {
  it('keeps the mode of the file that is replaced, and a link stays a link', async () => {
    const folder = await workFolder({ ...LISTS, 'mine.json': CONFIGURATION, 'real/list.txt': 'old' })
    await chmod(join(folder, 'real/list.txt'), 0o640)
    await symlink('real/list.txt', join(folder, 'out.txt'))
    expect(await compile(folder, ['-c', 'mine.json', '-o', 'out.txt'])).toMatchObject({ code: 0 })
    expect(await readlink(join(folder, 'out.txt'))).toBe('real/list.txt')
    expect(await listIn(folder, 'real/list.txt')).toEqual(COMPILED)
    expect((await stat(join(folder, 'real/list.txt'))).mode & 0o777).toBe(0o640)
  })

  it('may be one of the sources', async () => {
    const folder = await workFolder({ 'list.txt': '0.0.0.0 again.example.com\n' })
    expect(await compile(folder, ['-i', 'list.txt', '-o', 'list.txt'])).toMatchObject({ code: 0 })
    expect(await listIn(folder, 'list.txt')).toContain('||again.example.com^')
  })

  it('may be a device', async () => {
    const folder = await workFolder({ ...LISTS, 'mine.json': CONFIGURATION })
    expect(await compile(folder, ['-c', 'mine.json', '-o', '/dev/null'])).toMatchObject({ code: 0 })
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true)
  })

  it('may be a pipe that is read', async () => {
    const folder = await workFolder({ ...LISTS, 'mine.json': CONFIGURATION })
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')])
    expect(await compile(folder, ['-c', 'mine.json', '-o', 'pipe'])).toMatchObject({
      code: 2,
      stderr: "headway: pipe can't be written: nobody reads from this pipe.\n",
    })
    const shell = ['bash', '-c', '"$0" "$@" -c mine.json -o >(cat) 2>/dev/null; wait $!'] as const
    const { stdout } = await run(folder, [process.execPath, MAIN, 'compile'], { HOME: folder }, { program: [...shell] })
    expect(steady(stdout)).toEqual(COMPILED)
  })

  it.each([
    ['nowhere/out.txt', "nowhere/out.txt can't be written: there is no such folder."],
    ['folder', 'folder is a folder; name a file in it.'],
  ])('can not be %s, which is said before anything is done', async (output, message) => {
    const folder = await workFolder({ 'mine.json': CONFIGURATION })
    await mkdir(join(folder, 'folder'))
    expect(await compile(folder, ['-c', 'mine.json', '-o', output])).toMatchObject({ code: 2, stderr: `headway: ${message}\n` })
  })

  it('is as it was when a source is missing', async () => {
    const folder = await workFolder({ 'mine.json': CONFIGURATION, 'out.txt': 'old' })
    const { code, stderr } = await compile(folder, ['-c', 'mine.json', '-o', 'out.txt'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/headway: .*lists\/(?:hosts|rules)\.txt can't be read: there is no such file\..*\(SOURCE_NOT_FOUND\)\n$/)
    expect(await readFile(join(folder, 'out.txt'), 'utf8')).toBe('old')
    await expectTidy(folder)
  })
})

it('goes on without a source that fails, with --on-source-error skip', async () => {
  const folder = await workFolder({ 'mine.json': CONFIGURATION, 'lists/rules.txt': LISTS['lists/rules.txt'] })
  const { code, stderr } = await compile(folder, ['-c', 'mine.json', '-o', 'out.txt', '--on-source-error', 'skip'])
  expect(code, stderr).toBe(0)
  expect(stderr).toMatch(/^lists\/hosts\.txt is left out: .*there is no such file\.\n/)
  expect(await listIn(folder)).toContain('||b.example.org^')
})

describe('a configuration that can not be used', () => {
  it.each([
    [
      'mine.json',
      '{\n  "name": "Mine",\n  "sources": [\n    { "source": "a.txt", "transformations": ["Bogus"] }\n  ],\n  "colour": 1\n}\n',
      [/^ {2}mine\.json:4:46: \/sources\/0\/transformations\/0: .*$/m, /^ {2}mine\.json:6:3: \/colour: .*$/m],
    ],
    ['mine.yaml', 'name: Mine\nsources:\n  - source: a.txt\n    tpye: hosts\n', [/^ {2}mine\.yaml:4:5: \/sources\/0\/tpye: .*$/m]],
    [
      'mine.json',
      '{\n  "name": "Mine",\n  "sources": [{ "source": "a.txt" },\n    { "source": "ftp://example.org/a" }],\n  "exclusions": ["a",\n    "/(/"]\n}',
      [
        /^ {2}mine\.json:4:7: \/sources\/1\/source: can't be loaded: .*not by ftp:$/m,
        /^ {2}mine\.json:6:5: \/exclusions\/1: is not a regular expression: Unterminated group$/m,
      ],
    ],
    ['mine.json', '{"name":"Mine"}', [/^ {2}mine\.json:1:1: \/sources: .*$/m]],
  ])('is explained with file, line and JSON pointer: %s %#', async (name, text, expected) => {
    const folder = await workFolder({ [name]: text })
    const { code, stdout, stderr } = await compile(folder, ['-c', name, '-o', 'out.txt'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^headway: This configuration can't be used:\n/)
    for (const line of expected) expect(stderr).toMatch(line)
    expect(await readdir(folder)).not.toContain('out.txt')
  })

  it.each([
    ['mine.json', '{\n  "name": "Mine",\n  "version" 1\n}', /^headway: mine\.json:3:13: this is not valid JSON: /],
    ['mine.yaml', 'name: [', /^headway: mine\.yaml:1:\d+: /],
    ['mine.yaml', 'name: !secret Mine\nsources:\n  - source: a.txt\n', /^headway: mine\.yaml:1:7: Unresolved tag: !secret.*\n$/],
    ['mine.yaml', '- a\n', /must be an object/],
    ['mine.json', '', /^headway: mine\.json: this is not valid JSON: Unexpected end/],
  ])('%s with %j is refused', async (name, text, message) => {
    const folder = await workFolder({ [name]: text })
    const { code, stderr } = await compile(folder, ['-c', name, '-o', 'out.txt'])
    expect(code).toBe(2)
    expect(stderr).toMatch(message)
  })
})

it.each([
  [[], 'Name a configuration with -c, or lists with -i.'],
  [['-c', 'mine.json', '-i', 'a.txt', '--stdout'], 'There can be a configuration (-c) or lists (-i), not both.'],
  [['-i', 'a.txt'], 'Say where the list goes: -o FILE, or --stdout.'],
  [['-i', 'a.txt', '--stdout', '-o', 'out.txt'], 'The list can go to a file (-o) or to the standard output (--stdout), not to both.'],
  [['-i', 'a.txt', '--stdout', '--on-source-error', 'last-good'], 'There are last good copies only with --cache FOLDER.'],
  [
    ['-i', 'a.txt', '--stdout', '--allow-address', 'office'],
    '--allow-address: "office" is neither an address nor a CIDR range (like 10.0.0.0/8 or ::1).',
  ],
  [['-c', 'missing.json', '--stdout'], "missing.json can't be read: there is no such file."],
  [['-c', '.', '--stdout'], ". can't be read: it is a folder."],
  [['-i', 'a.txt', '--stdout', '--cache', 'a.txt'], '--cache a.txt is a file; name a folder.'],
  [['-i', 'a.txt', '--stdout', '--cache', 'a.txt/cache'], "--cache a.txt/cache can't be used: a part of its path is no folder."],
])('wrong use: %j', async (args, message) => {
  expect(await compile(await workFolder({ 'a.txt': 'x.example' }), args)).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `headway: ${message}\n`,
  })
})

describe('sources from the web', () => {
  it('are loaded from addresses that are allowed, and from the cache when they have not changed', async () => {
    const folder = await workFolder()
    const server = await sourceServer({
      '/hosts.txt': (response, request) => {
        if (request.headers['if-none-match'] === '"1"') response.writeHead(304, { ETag: '"1"' }).end()
        else listOf('0.0.0.0 web.example.com\n', { ETag: '"1"', 'Cache-Control': 'no-cache' })(response)
      },
    })
    const flags = ['-i', `${server.url}/hosts.txt`, '--stdout', '--verbose', '--allow-address', '127.0.0.0/8', '--cache', 'kept']
    const first = await compile(folder, flags)
    expect(steady(first.stdout), first.stderr).toContain('||web.example.com^')
    expect(first.stderr).toMatch(/^cache miss /m)
    const second = await compile(folder, flags)
    expect(second.stdout.split('\n').slice(3)).toEqual(first.stdout.split('\n').slice(3))
    expect(second.stderr).toMatch(/^cache hit /m)
    expect(second.stderr).toMatch(/^GET http:\/\/127\.0\.0\.1:\d+\/hosts\.txt: 304/m)
    expect(await readdir(folder)).toContain('kept')
  })

  it('are kept nowhere without --cache', async () => {
    const folder = await workFolder()
    const server = await sourceServer({ '/hosts.txt': listOf('0.0.0.0 web.example.com\n') })
    const { code, stderr } = await compile(folder, ['-i', `${server.url}/hosts.txt`, '-o', 'out.txt', '--allow-address', '127.0.0.1'])
    expect(code, stderr).toBe(0)
    expect((await readdir(folder)).toSorted()).toEqual(['out.txt', 'tasks.yaml'])
  })

  it('are refused where they are in a network of one’s own that is not allowed', async () => {
    const folder = await workFolder()
    const server = await sourceServer({ '/hosts.txt': listOf('0.0.0.0 web.example.com\n') })
    const { code, stderr } = await compile(folder, ['-i', `${server.url}/hosts.txt`, '--stdout'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/\(BLOCKED_ADDRESS\)\n--allow-address allows .*\n$/)
    expect(server.asked).toEqual([])
  })

  it('say why they can not be loaded, once', async () => {
    const folder = await workFolder()
    const server = await sourceServer({})
    const { code, stderr } = await compile(folder, ['-i', `${server.url}/none.txt`, '--stdout', '--allow-address', '127.0.0.1'])
    expect(code).toBe(1)
    expect(stderr).toMatch(/^headway: http:\S+\/none\.txt: .*404.*\(SOURCE_HTTP_STATUS\)\n$/)
    expect(stderr.match(/status 404/g)).toHaveLength(1)
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('%s stops what is loaded, and the output is as it was', async (signal) => {
    const folder = await workFolder({ 'out.txt': 'old' })
    const begun = new EventEmitter()
    const server = await sourceServer({
      '/endless.txt': (response) => {
        response.writeHead(200, { 'Content-Type': 'text/plain' }).write('0.0.0.0 first.example.com\n')
        begun.emit('asked', response)
      },
    })
    const asked = once(begun, 'asked') as Promise<[ServerResponse]>
    const command = new Command(folder, ['compile', '-i', `${server.url}/endless.txt`, '-o', 'out.txt', '--allow-address', '127.0.0.1'], {
      HOME: folder,
    })
    const [response] = await asked
    const gone = once(response, 'close')
    command.process.kill(signal)
    expect(await command.exit).toBe(130)
    await gone
    expect(command.stderr).toMatch(/headway: cancelled; nothing was written\n$/)
    expect(await readFile(join(folder, 'out.txt'), 'utf8')).toBe('old')
    await expectTidy(folder)
  })
})

it('shows a bar in a terminal, and stops at Ctrl-C', async () => {
  const folder = await workFolder({ 'mine.json': '' })
  const server = await sourceServer({ '/hosts.txt': listOf('0.0.0.0 web.example.com\n'), '/endless.txt': () => undefined })
  const sources = [
    { name: 'Quick', source: `${server.url}/hosts.txt` },
    { name: 'Endless', source: `${server.url}/endless.txt` },
  ]
  await writeFile(join(folder, 'mine.json'), JSON.stringify({ name: 'Mine', sources }))
  const terminal = new Terminal(folder, ['compile', '-c', 'mine.json', '-o', 'out.txt', '--allow-address', '127.0.0.1'], { HOME: folder })
  await terminal.shows(/Quick: 1 rule,.*\n/)
  await terminal.shows(/Mine █*░+ +\d+%/)
  terminal.ctrlC()
  expect(await terminal.exit).toBe(130)
  expect(terminal.text).toMatch(/headway: cancelled; nothing was written\n/)
  expect((await readdir(folder)).filter((name) => name.startsWith('out') || name.endsWith('.tmp'))).toEqual([])
})
