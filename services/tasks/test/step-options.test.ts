import { describe, expect, test } from 'vitest'
import { finished, isLine, seen, start } from './support/start.js'

describe('secrets that may be unset', () => {
  const types = {
    task: { steps: [{ name: 's', run: ['sh', '-c', 'echo "token: $CDN_TOKEN, ${{CDN_TOKEN-none}}"'], secrets: ['CDN_TOKEN?'] }] },
  }

  test('are masked when they are set', async () => {
    const { run } = await start(JSON.stringify({ types }), { environment: { CDN_TOKEN: 'T0ken' } })
    const { job, lines } = await run('task')
    expect(job.status).toBe('completed')
    expect(lines).toContain('stdout: token: ***, ***')
  })

  test('are left out when they are not', async () => {
    const { run } = await start(JSON.stringify({ types }))
    const { job, lines } = await run('task')
    expect(job.status).toBe('completed')
    expect(lines).toContain('stdout: token: , none')
  })
})

describe('a pseudo-terminal', () => {
  const inTerminal = (script: string, more: object = {}): string => {
    const run = ['sh', '-c', script.replaceAll(/[{}]/g, '$&$&')]
    return JSON.stringify({ types: { task: { grace: '100ms', steps: [{ name: 'show', run, pty: true, ...more }] } } })
  }

  test('shows progress bars, colours taken out, secrets masked, markers read', async () => {
    const script = `test -t 1 && echo terminal; printf '\\033[32mgreen\\033[0m\\n'; for n in 1 2 3; do printf '\\r\\033[2K%s%%' $n; done; echo; echo "$T" >&2; echo '::result {"a":1}'; echo ::progress 0.5; printf last`
    const { run } = await start(inTerminal(script, { secrets: ['T'] }), { environment: { T: 'T0ken' } })
    const { job, lines } = await run('task')
    expect(job.result).toMatchObject({ success: true, results: [{ result: { a: 1 } }] })
    const shown = lines.filter((line) => !/^(info|success):|: [12]%$/.test(line))
    expect(shown).toEqual(['stdout: terminal', 'stdout: green', 'stdout: 3%', 'stdout: ***', 'stdout: last'])
  })

  test('a task is cancelled as any other, and its exit codes are told', async () => {
    const { engine } = await start(inTerminal('echo ready; sleep 1000'))
    const { job } = await engine.create('task', {})
    await seen(engine, job.id, isLine('ready'))
    await engine.request(job.id, 'cancel')
    expect((await finished(engine, job.id)).job.status).toBe('cancelled')
    const other = await start(inTerminal('exit 7'))
    expect((await other.run('task')).job.error).toMatchObject({
      code: 'step_failed',
      message: expect.stringContaining('exit code 7') as string,
    })
  })
})
