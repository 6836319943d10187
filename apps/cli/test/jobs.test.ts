import { beforeAll, describe, expect, it } from 'vitest'
import { serverForTests } from './support/server.js'
import { Terminal } from './support/terminal.js'

const HEAD = /^JOB +TYPE +STATUS +PROGRESS +AGE +TOOK$/

describe('headway jobs', () => {
  const shared = serverForTests()
  let done = ''
  let failed = ''
  let running = ''
  beforeAll(async () => {
    done = await shared().finish('hello', { who: 'needle' })
    failed = await shared().finish('fails')
    running = await shared().create('gate')
    await shared().sees(running, /"done":40/)
  })

  it('is a table of the newest jobs, page by page', async () => {
    const server = shared()
    const { stdout, code } = await server.run(['jobs'])
    expect(code).toBe(0)
    const [head, ...rows] = stdout.trimEnd().split('\n')
    expect(head).toMatch(HEAD)
    expect(rows.map((row) => row.split(/ +/).slice(0, 4))).toEqual([
      [running, 'gate', 'running', '40%'],
      [failed, 'fails', 'failed', '0%'],
      [done, 'hello', 'completed', '100%'],
    ])
    for (const row of rows) expect(row).toMatch(/ {2}\d+(\.\d)?m?s( \d\ds)? {2}\d+(\.\d)?s$/)

    const first = await server.run(['jobs', '--limit', '2'])
    expect(first.stdout).toContain(failed)
    expect(first.stdout).not.toContain(done)
    const [, cursor = ''] = /there are more: --cursor (\S+)/.exec(first.stderr) ?? []
    const second = await server.run(['jobs', '--limit', '2', '--cursor', cursor])
    expect(second.stdout.trimEnd().split('\n')).toHaveLength(2)
    expect(second.stdout).toContain(done)
    expect(second.stderr).toBe('')
  })

  it('shows only what is asked for', async () => {
    const server = shared()
    const ids = async (...flags: string[]): Promise<string[]> => {
      const page = JSON.parse((await server.run(['jobs', '--json', ...flags])).stdout) as { jobs: { id: string }[] }
      return page.jobs.map(({ id }) => id)
    }
    expect(await ids()).toEqual([running, failed, done])
    expect(await ids('--type', 'hello,gate')).toEqual([running, done])
    expect(await ids('--status', 'failed')).toEqual([failed])
    expect(await ids('--text', 'needle')).toEqual([done])
    const none = await server.run(['jobs', '--type', 'colours'])
    expect(none).toMatchObject({ code: 0, stdout: '', stderr: 'headway: there are no such jobs\n' })
  })

  it('tells what is wrong with what is asked for', async () => {
    const server = shared()
    expect(await server.run(['jobs', '--limit', 'all'])).toMatchObject({ code: 2 })
    const status = await server.run(['jobs', '--status', 'sleeping'])
    expect(status.code).toBe(1)
    expect(status.stderr).toContain('status: known statuses are queued, running')
    const small = await server.run(['jobs', '--limit', '0'])
    expect(small.stderr.match(/limit/g)).toHaveLength(1)
  })

  it('has colours in a terminal only', async () => {
    const server = shared()
    const terminal = new Terminal(server.folder, ['jobs'], server.env)
    expect(await terminal.exit).toBe(0)
    expect(terminal.output).toContain('\x1b[32mcompleted\x1b[39m')
    expect((await server.run(['jobs'])).stdout).not.toContain('\x1b')
    expect((await server.run(['jobs'], { FORCE_COLOR: '1' })).stdout).toContain('\x1b[32mcompleted')
  })
})
