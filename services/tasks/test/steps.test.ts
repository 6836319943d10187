import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { isAlive, isLine, finished, seen, shellTask, start } from './support/start.js'

/** The events of one type, their data. */
function dataOf(events: readonly { type: string; data: unknown }[], type: string): Record<string, unknown>[] {
  return events.filter((event) => event.type === type).map(({ data }) => data as Record<string, unknown>)
}

describe('a task that runs to its end', () => {
  test('has its lines in order and a result for each step', async () => {
    const { run } = await start(shellTask(['echo one; echo two >&2; sleep 0.05; echo three', 'printf "no end"']))
    const { job, lines, events } = await run('task')
    expect(job.status).toBe('completed')
    expect(lines).toEqual([
      expect.stringMatching(/^info: Executing: step 1 \(sh -c /),
      'stdout: one',
      'stderr: two',
      'stdout: three',
      expect.stringMatching(/^success: step 1 finished after \d/),
      expect.stringMatching(/^info: Executing: step 2 /),
      'stdout: no end',
      expect.stringMatching(/^success: step 2 finished/),
    ])
    expect(job.result).toMatchObject({
      success: true,
      results: [
        { name: 'step 1', success: true, exitCode: 0, durationMs: expect.any(Number) as number },
        { name: 'step 2', success: true, exitCode: 0 },
      ],
    })
    expect(dataOf(events, 'update').at(-1)).toMatchObject({ status: 'running', progress: 99, step: 'step 2' })
  })

  test('progress lines move the whole by the weights of the steps, and are kept out of the log', async () => {
    const { run } = await start(
      JSON.stringify({
        types: {
          task: {
            steps: [
              { name: 'a', weight: 3, run: ['sh', '-c', 'echo ::progress 0.5 half way; echo ::progress 7; sleep 0.4'] },
              { name: 'b', run: ['true'] },
            ],
          },
        },
      }),
    )
    const { events, lines } = await run('task')
    const updates = dataOf(events, 'update')
    expect(updates.map(({ progress }) => progress)).toContain(37)
    expect(updates.find(({ progress }) => progress === 37)).toMatchObject({ step: 'a', message: 'half way' })
    expect(updates.map(({ progress }) => progress)).toContain(75)
    expect(lines).toContain('stdout: ::progress 7')
    expect(lines.filter((line) => line.startsWith('stdout:'))).toHaveLength(1)
    expect(dataOf(events, 'progress')).toContainEqual({ done: 37, total: 100, message: 'half way' })
  })

  test('a result line is the result of its step; one with a mistake is a line', async () => {
    const { run } = await start(shellTask([`echo '::result {"files": 3}'; echo '::result {'`]))
    const { job, lines } = await run('task')
    expect(job.result).toMatchObject({ results: [{ result: { files: 3 } }] })
    expect(lines).toContain('stdout: ::result {')
    expect(lines.filter((line) => line.includes('::result') && line.startsWith('stdout'))).toHaveLength(1)
  })

  test('markers that are turned off are lines', async () => {
    const { run } = await start(shellTask(['echo ::progress 0.5; echo ::result 1'], { markers: { progress: false, result: false } }))
    const { job, lines } = await run('task')
    expect(lines).toContain('stdout: ::progress 0.5')
    expect(lines).toContain('stdout: ::result 1')
    expect(job.result).toMatchObject({ results: [{ name: 'step 1' }] })
  })

  test('results that are too large together are left out, and that is said', async () => {
    const script = `printf '::result "'; head -c 12000 /dev/zero | tr '\\0' x; echo '"'`
    const { run } = await start(shellTask([script, script, script, script]))
    const { job, lines } = await run('task')
    expect(job.status).toBe('completed')
    const { results } = job.result as { results: { result?: string }[] }
    expect(results.map(({ result }) => result?.length)).toEqual([12_000, 12_000, undefined, undefined])
    expect(lines.filter((line) => line.includes('was left out'))).toHaveLength(2)
  })

  test('prints nothing', async () => {
    const { run } = await start(shellTask(['true']))
    const { job, lines } = await run('task')
    expect(job.status).toBe('completed')
    expect(lines).toHaveLength(2)
  })

  test('prints a million lines, and every one is there', async () => {
    const { run } = await start(shellTask(['seq 1000000']))
    const { job, events } = await run('task')
    expect(job.status).toBe('completed')
    let next = 1
    for (const { type, line } of events) if (type === 'line' && line.includes(`"message":"${next}"`)) next += 1
    expect(next).toBe(1_000_001)
    expect(events.filter(({ type }) => type === 'update').length).toBeLessThan(500)
  }, 120_000)

  test('prints a line of 10 MB, and it comes whole, in pieces', async () => {
    const { run } = await start(shellTask([`head -c 10000000 /dev/zero | tr '\\0' x; echo; echo next`]))
    const { events } = await run('task')
    const pieces = dataOf(events, 'line').filter(({ level }) => level === 'stdout')
    expect(pieces.slice(0, -2).every(({ continued }) => continued === true)).toBe(true)
    expect(
      pieces
        .slice(0, -1)
        .map(({ message }) => message)
        .join(''),
    ).toBe('x'.repeat(10_000_000))
    expect(pieces.at(-1)).toEqual({ level: 'stdout', message: 'next' })
  })

  test('prints a long line of NULs, each of which JSON writes with six characters', async () => {
    const { run } = await start(shellTask(['head -c 100000 /dev/zero; echo']))
    const { job, events } = await run('task')
    expect(job.status).toBe('completed')
    const stdout = dataOf(events, 'line').filter(({ level }) => level === 'stdout')
    expect(stdout.map(({ message }) => message).join('')).toBe('\0'.repeat(100_000))
  })

  test('prints binary rubbish', async () => {
    const { run } = await start(shellTask(['head -c 300000 /dev/urandom']))
    const { job } = await run('task')
    expect(job.status).toBe('completed')
  })

  test('a progress bar is shown now and then, and its last state surely', async () => {
    const { run } = await start(shellTask([`i=0; while [ $i -le 20000 ]; do printf '%s%%\\r' $i; i=$((i+1)); done; echo done`]))
    const { events } = await run('task')
    const stdout = dataOf(events, 'line').filter(({ level }) => level === 'stdout')
    expect(stdout.length).toBeLessThan(200)
    expect(stdout.slice(0, -1).every(({ overwritten }) => overwritten === true)).toBe(true)
    expect(stdout.at(-1)).toEqual({ level: 'stdout', message: 'done' })
  })
})

describe('a step that fails', () => {
  test('ends the task with its exit code; later steps do not run', async () => {
    const { run } = await start(shellTask(['echo before; exit 3', 'echo never']))
    const { job, lines } = await run('task')
    expect(job.status).toBe('failed')
    expect(job.error).toMatchObject({
      code: 'step_failed',
      message: 'The step "step 1" ended with exit code 3.',
      details: { results: [{ name: 'step 1', success: false, exitCode: 3 }] },
    })
    expect(lines).toContain('stdout: before')
    expect(lines).toContain('error: The step "step 1" ended with exit code 3.')
    expect(lines.join()).not.toContain('never')
  })

  test('by a signal', async () => {
    const { run } = await start(shellTask(['kill -SEGV $$']))
    const { job } = await run('task')
    expect(job.error).toMatchObject({
      message: 'The step "step 1" was ended by SIGSEGV.',
      details: { results: [{ exitCode: null, signal: 'SIGSEGV' }] },
    })
  })

  test.each([
    [{ run: ['no-such-program'] }, 'The program \\"no-such-program\\" was not found'],
    [{ run: ['true'], cwd: 'no/such/folder' }, 'does not exist'],
    [{ run: ['echo', 'x'.repeat(200_000)] }, 'too large'],
  ])('that can not be started %#', async (step, message) => {
    const { run } = await start(JSON.stringify({ types: { task: { steps: [{ name: 's', ...step }] } } }))
    const { job } = await run('task')
    expect(job.status).toBe('failed')
    expect(job.error?.code).toBe('start_failed')
    expect(JSON.stringify(job.error?.message)).toContain(message)
  })

  test('continueOnError goes on, and the result tells', async () => {
    const types = {
      task: {
        steps: [
          { name: 'a', run: ['false'], continueOnError: true },
          { name: 'b', run: ['echo', 'on'] },
        ],
      },
    }
    const { run } = await start(JSON.stringify({ types }))
    const { job, lines } = await run('task')
    expect(job.status).toBe('completed')
    expect(job.result).toMatchObject({
      success: true,
      results: [
        { name: 'a', success: false, exitCode: 1 },
        { name: 'b', success: true },
      ],
    })
    expect(lines).toContain('stdout: on')
  })

  test('that takes too long is stopped', async () => {
    const types = {
      task: {
        grace: '100ms',
        steps: [{ name: 'a', run: ['sh', '-c', `trap '' TERM; echo started; while :; do sleep 0.01; done`], timeout: '1s' }],
      },
    }
    const { run } = await start(JSON.stringify({ types }))
    const { job, lines } = await run('task')
    expect(job.error).toMatchObject({
      code: 'step_timeout',
      message: 'The step "a" was stopped: it took more than 1.0 s.',
      details: { results: [{ signal: 'SIGKILL' }] },
    })
    expect(lines).toContain('stdout: started')
  })

  test('by the time of the whole task', async () => {
    const types = {
      task: {
        timeout: '3s',
        steps: [
          { name: 'a', run: ['true'] },
          { name: 'b', run: ['sleep', '1000'] },
        ],
      },
    }
    const { run } = await start(JSON.stringify({ types }))
    const { job } = await run('task')
    expect(job.error).toMatchObject({ code: 'step_timeout', message: 'The step "b" was stopped: the time of the whole task was over.' })
  })

  test('by the time of the whole task also where errors are passed over', async () => {
    const types = {
      task: {
        timeout: '1s',
        steps: [
          { name: 'a', run: ['sleep', '1000'], continueOnError: true },
          { name: 'b', run: ['echo', 'on'], continueOnError: true },
        ],
      },
    }
    const { run } = await start(JSON.stringify({ types }))
    const { job, lines } = await run('task')
    expect(job.error).toMatchObject({ code: 'step_timeout', message: 'The step "a" was stopped: the time of the whole task was over.' })
    expect(lines.filter((line) => line.includes('Executing:'))).toHaveLength(1)
  })

  test('is tried again as often as the file says', async () => {
    const { run } = await start((folder) =>
      shellTask([`echo try >> ${folder}/tries; test $(wc -l < ${folder}/tries) -ge 3`], { retry: { attempts: 3, delay: '10ms' } }),
    )
    const { job, lines } = await run('task')
    expect(job).toMatchObject({ status: 'completed', attempt: 3 })
    expect(lines.filter((line) => line.startsWith('error:'))).toHaveLength(2)
  })

  test('leaves no process behind', async () => {
    const { run } = await start(shellTask(['sleep 1000 & echo $!; exit 1']))
    const { lines } = await run('task')
    const pid = Number(lines.find((line) => /^stdout: \d+$/.test(line))?.slice('stdout: '.length))
    expect(isAlive(pid)).toBe(false)
  })
})

describe('cancel and pause', () => {
  test('cancel stops the whole group within the grace, and says what was there', async () => {
    const { engine } = await start(shellTask(['sleep 1000 & echo $!; trap "echo tidying; exit 0" TERM; while :; do sleep 0.01; done']))
    const { job } = await engine.create('task', {})
    const { data } = await seen(engine, job.id, ({ type, data }) => type === 'line' && /^\d+$/.test((data as { message: string }).message))
    await engine.request(job.id, 'cancel', 'wrong version')
    const end = await finished(engine, job.id)
    expect(end.job.status).toBe('cancelled')
    expect(isAlive(Number((data as { message: string }).message))).toBe(false)
    expect(end.lines).toContain('stdout: tidying')
    expect(end.events.at(-1)).toMatchObject({
      type: 'cancelled',
      data: {
        reason: 'wrong version',
        details: { summary: { logs: expect.arrayContaining([expect.objectContaining({ message: 'tidying' })]) as unknown } },
      },
    })
  })

  test('a program that ignores SIGTERM is killed', async () => {
    const { engine } = await start(shellTask([`trap '' TERM; echo $$; while :; do sleep 0.01; done`], { grace: '100ms' }))
    const { job } = await engine.create('task', {})
    const { data } = await seen(engine, job.id, ({ type, data }) => type === 'line' && /^\d+$/.test((data as { message: string }).message))
    const pid = Number((data as { message: string }).message)
    expect(isAlive(pid)).toBe(true)
    await engine.request(job.id, 'cancel')
    expect((await finished(engine, job.id)).job.status).toBe('cancelled')
    expect(isAlive(pid)).toBe(false)
  })

  test('a paused task stands still, with its time-outs, and goes on', async () => {
    const step = (script: string): object => ({ steps: [{ name: 's', run: ['sh', '-c', script], timeout: '2s' }] })
    const { engine, folder, run } = await start((folder) =>
      JSON.stringify({
        types: {
          task: step(`while [ ! -e ${folder}/go ]; do echo waiting; sleep 0.01; done; echo gone on`),
          clock: step('exec sleep 1000'),
        },
      }),
    )
    const { job } = await engine.create('task', {})
    await seen(engine, job.id, isLine('waiting'))
    await engine.request(job.id, 'pause')
    const paused = await seen(engine, job.id, ({ type }) => type === 'paused')
    await seen(engine, job.id, ({ type, data }) => type === 'update' && (data as { paused?: boolean }).paused === true)
    // The same time-out begins and ends meanwhile.
    expect((await run('clock')).job.error).toMatchObject({ code: 'step_timeout' })
    const { head } = await engine.get(job.id)
    expect(head - paused.seq).toBeLessThan(20)
    expect((await engine.get(job.id)).status).toBe('paused')
    writeFileSync(`${folder}/go`, '')
    await engine.request(job.id, 'resume')
    const end = await finished(engine, job.id)
    expect(end.job.status).toBe('completed')
    expect(end.lines).toContain('stdout: gone on')
  })

  test('a paused task can be cancelled', async () => {
    const { engine } = await start(shellTask(['echo ready; sleep 1000']))
    const { job } = await engine.create('task', {})
    await seen(engine, job.id, isLine('ready'))
    await engine.request(job.id, 'pause')
    await seen(engine, job.id, ({ type }) => type === 'paused')
    await engine.request(job.id, 'cancel')
    expect((await finished(engine, job.id)).job.status).toBe('cancelled')
  })

  test('tasks with one concurrency key wait for one another', async () => {
    const { engine } = await start((folder) =>
      shellTask([`mkdir ${folder}/lock && sleep 0.2 && rmdir ${folder}/lock`], { concurrency: { key: 'release' } }),
    )
    const jobs = await Promise.all([1, 2, 3].map(() => engine.create('task', {})))
    const ends = await Promise.all(jobs.map(({ job }) => finished(engine, job.id)))
    expect(ends.map(({ job }) => job.status)).toEqual(['completed', 'completed', 'completed'])
  })
})
