import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { start } from './support/start.js'

describe('environment', () => {
  test('programs get a few variables, those that are named, and nothing else', async () => {
    const types = { task: { steps: [{ name: 'env', run: ['env'], env: { OWN: 'own' }, inherit: ['NAMED', 'ABSENT'] }] } }
    const { run } = await start(JSON.stringify({ types }), { environment: { HOME: '/home/x', NAMED: 'named', OTHER: 'other' } })
    const { lines, job } = await run('task')
    const names = lines.filter((line) => line.startsWith('stdout:')).map((line) => line.replace('stdout: ', '').split('=')[0])
    expect(names.toSorted()).toEqual(['HEADWAY_RUN', 'HOME', 'NAMED', 'OWN', 'PATH'])
    expect(lines).toContain(`stdout: HEADWAY_RUN=${job.id}:1`)
  })

  test('secrets reach the program and nobody else', async () => {
    const secret = 'T0ken/with+signs=='
    const run1 = `printf '%s' "$CDN_TOKEN" | cut -c1-8 | tr -d '\\n'; sleep 0.05; printf '%s\\n' "$CDN_TOKEN" | cut -c9-; echo "$CDN_TOKEN" >&2; echo "::result {\\"t\\":\\"$CDN_TOKEN\\"}"; echo "::progress 0.5 with $CDN_TOKEN"`
    const types = {
      task: {
        steps: [
          { name: 's', run: ['sh', '-c', run1.replaceAll(/[{}]/g, '$&$&')], secrets: ['CDN_TOKEN'] },
          { name: 'known', run: ['sh', '-c', `test "$(printf %s "$CDN_TOKEN" | wc -c)" -eq ${secret.length}`], secrets: ['CDN_TOKEN'] },
        ],
      },
    }
    const { run, engine } = await start(JSON.stringify({ types }), { environment: { CDN_TOKEN: secret } })
    const { job, lines, events } = await run('task')
    expect(job.status).toBe('completed')
    expect(lines).toContain('stdout: ***')
    expect(lines).toContain('stderr: ***')
    expect(job.result).toMatchObject({ results: [{ result: { t: '***' } }, {}] })
    const everything = JSON.stringify([await engine.get(job.id), events.map(({ line }) => line)])
    expect(everything).not.toContain(secret)
  })

  test('secrets stay secret in results however JSON writes them', async () => {
    const secret = 'pässwort/<1>'
    const results = [
      '{"p\\u00e4sswort/<1>":["p\\u00E4sswort/<1>",{"deep":"so: \\u0070ässwort/<1>"}],"n":1.5,"t":true,"z":null,"__proto__":"x"}',
      '"pässwort\\/<1>"',
    ]
    const steps = results.map((_, index) => ({ name: `s${index}`, run: ['cat', `result${index}`], secrets: ['PASSWORD'] }))
    const { run, engine, folder } = await start(JSON.stringify({ types: { task: { steps } } }), { environment: { PASSWORD: secret } })
    for (const [index, result] of results.entries()) writeFileSync(`${folder}/result${index}`, `::result ${result}\n`)
    const { job, events } = await run('task')
    expect(JSON.stringify((job.result as { results: { result: unknown }[] }).results.map(({ result }) => result))).toBe(
      '[{"***":["***",{"deep":"so: ***"}],"n":1.5,"t":true,"z":null,"__proto__":"x"},"***"]',
    )
    const everything = JSON.stringify([await engine.get(job.id), events.map(({ data }) => data)])
    expect(everything).not.toContain('sswort')
  })

  test('a secret in a long command is masked, also where the command is cut', async () => {
    const secret = 'T0ken-with-a-tail'
    const run = ['true', ...Array.from({ length: 200 }, (_, index) => `${'x'.repeat(index % 7)}${secret}`)]
    const types = { task: { steps: [{ name: 's', run, secrets: ['CDN_TOKEN'] }] } }
    const { run: runTask } = await start(JSON.stringify({ types }), { environment: { CDN_TOKEN: secret } })
    const [executing] = (await runTask('task')).lines
    expect(executing).toMatch(/^info: Executing: s \(true (x{0,6}\*{3} )+x{0,6}\*{0,3}\.\.\.\)$/)
  })

  test('a secret that the server does not have is said, and nothing starts', async () => {
    const types = { task: { retry: { attempts: 3 }, steps: [{ name: 's', run: ['echo', 'started'], secrets: ['CDN_TOKEN'] }] } }
    const { run } = await start(JSON.stringify({ types }))
    const { job, lines } = await run('task')
    const message = `The step "s" needs the secret CDN_TOKEN, which the server's environment does not have.`
    expect(job.error).toMatchObject({
      code: 'start_failed',
      message,
      details: { results: [{ name: 's', success: false, exitCode: null, error: message }] },
    })
    // Another attempt would not help.
    expect(job.attempt).toBe(1)
    expect(lines).toEqual(['info: Executing: s (echo started)', `error: ${message}`])
  })

  test('continueOnError passes over a secret that is not there', async () => {
    const steps = [
      { name: 'a', run: ['echo', 'started'], secrets: ['CDN_TOKEN'], continueOnError: true },
      { name: 'b', run: ['echo', 'on'] },
    ]
    const { run } = await start(JSON.stringify({ types: { task: { steps } } }))
    const { job, lines } = await run('task')
    expect(job).toMatchObject({
      status: 'completed',
      result: {
        results: [
          { name: 'a', success: false, error: expect.stringContaining('CDN_TOKEN') as string },
          { name: 'b', success: true },
        ],
      },
    })
    expect(lines.filter((line) => line.startsWith('stdout:'))).toEqual(['stdout: on'])
  })
})
