import { describe, expect, it } from 'vitest'
import { serverForTests, TestServer } from './support/server.js'
import { Terminal } from './support/terminal.js'

const FILLED = /█+/
const RED = '\x1b[31m'
const YELLOW = '\x1b[33m'
const GREEN = '\x1b[32m'

describe('headway in a terminal', () => {
  const shared = serverForTests()

  it('shows a bar that moves below coloured lines', async () => {
    const server = shared()
    const terminal = new Terminal(server.folder, ['run', 'gate', '--watch'], server.env)
    await terminal.shows(/before\n(?:.*)gate █{12}░{18} 40% wait: waiting/)
    await server.open()
    await terminal.shows(/after/)
    expect(await terminal.exit).toBe(0)
    expect(terminal.text).toMatch(/headway: completed after \S+\n$/)
    expect(terminal.output).toContain(GREEN)
    const lengths = [...terminal.text.matchAll(/gate (█*)░*/g)].map(([, filled = '']) => filled.length)
    expect(lengths.at(-1)).toBe(30)
    expect(lengths).toEqual(lengths.toSorted((a, b) => a - b))
    expect(new Set(lengths).size).toBeGreaterThan(2)
  })

  it('gives the stderr of a job and its failure colours', async () => {
    const server = shared()
    const hello = new Terminal(server.folder, ['run', 'hello', '--watch'], server.env)
    expect(await hello.exit).toBe(0)
    expect(hello.output).toContain(`${YELLOW}careful`)
    expect(hello.output).toMatch(/(?:^|\n|K)hello you\r\n/)
    const fails = new Terminal(server.folder, ['run', 'fails', '--watch', '--time'], server.env)
    expect(await fails.exit).toBe(1)
    expect(fails.text).toMatch(/\d\d:\d\d:\d\d oops\n/)
    expect(fails.output).toContain(`${RED}The step "fail" ended with exit code 3.`)
  })

  it.each([
    ['NO_COLOR', [], { NO_COLOR: '1' }],
    ['--no-color', ['--no-color'], { FORCE_COLOR: '1' }],
  ])('has no colours with %s', async (_name, flags, env) => {
    const server = shared()
    const terminal = new Terminal(server.folder, ['run', 'hello', '--watch', ...flags], { ...server.env, ...env })
    expect(await terminal.exit).toBe(0)
    expect(terminal.text).toMatch(FILLED)
    expect(terminal.output).not.toMatch(/\p{Cc}\[[\d;]*m/u)
  })

  it('lets nothing of a job through that the terminal would obey', async () => {
    const server = shared()
    const terminal = new Terminal(server.folder, ['run', 'colours', '--watch', '--no-color'], server.env)
    expect(await terminal.exit).toBe(0)
    expect(terminal.output).toContain('aredb\tcd\r\n')
    expect(terminal.output).not.toMatch(/\u009b|\p{Cc}\]|\p{Cc}\[31m/u)
  })

  it('fits a narrow terminal, also one that becomes narrow', async () => {
    const server = shared()
    const terminal = new Terminal(server.folder, ['run', 'gate', '--watch', '--no-color'], server.env, 30)
    await terminal.shows(/gate ████░{5} 40% wait: wai/)
    terminal.resize(16)
    await terminal.shows(/40% wait: waiti/)
  })

  it('Ctrl-C leaves the job running, and headway watch goes on', async () => {
    const server = shared()
    const first = new Terminal(server.folder, ['run', 'gate', '--watch'], server.env)
    await first.shows(/40% wait: waiting/)
    first.ctrlC()
    expect(await first.exit).toBe(75)
    const [, id = '', after = ''] = await first.shows(/detached; the job goes on\. To come back: headway watch (\S+) --after (\d+)\n/)
    expect((await server.job(id)).status).toBe('running')

    const second = new Terminal(server.folder, ['watch', id, '--after', after], server.env)
    await second.shows(/gate [█░]{30}/)
    await server.open()
    expect(await second.exit).toBe(0)
    expect(second.text).toContain('after\n')
    expect(second.text).not.toContain('before')
  })

  it('Ctrl-C cancels the job with --cancel-on-exit', async () => {
    const server = shared()
    const terminal = new Terminal(server.folder, ['run', 'gate', '--watch', '--cancel-on-exit'], server.env)
    const [, id = ''] = await terminal.shows(/headway: job (\S+)\n/)
    await terminal.shows(/40% wait/)
    terminal.ctrlC()
    expect(await terminal.exit).toBe(130)
    expect(terminal.text).toMatch(/cancelling the job; once more to leave at once/)
    expect(terminal.text).toMatch(/headway: cancelled after \S+\n$/)
    expect((await server.job(id)).status).toBe('cancelled')
  })

  it('leaves at once at the second Ctrl-C', async () => {
    const server = await TestServer.start()
    const terminal = new Terminal(server.folder, ['run', 'gate', '--watch', '--cancel-on-exit'], server.env)
    await terminal.shows(/40% wait/)
    // The cancel can't be heard: it is tried again and again.
    await server.kill()
    terminal.ctrlC()
    await terminal.shows(/once more to leave at once/)
    terminal.ctrlC()
    expect(await terminal.exit).toBe(75)
  })
})
