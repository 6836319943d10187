import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { serverForTests, TASKS } from './support/server.js'

const STUBBORN = `
  stubborn:
    params: { type: object, properties: {} }
    grace: 1h
    steps: [{ name: stay, run: [sh, -c, 'trap "" TERM; echo here; while [ ! -e open ]; do sleep 0.05; done'] }]
`
const shared = serverForTests({ 'tasks.yaml': TASKS + STUBBORN })

describe('headway pause, resume and cancel', () => {
  it('wait until it is so', async () => {
    const server = shared()
    const id = await server.create('gate')
    const watch = server.begin(['watch', id])
    await watch.says(/before/)
    expect(await server.run(['pause', id, '--reason', 'lunch'])).toMatchObject({ code: 0, stdout: 'paused\n', stderr: '' })
    expect(await server.run(['pause', id])).toMatchObject({ code: 0, stdout: 'paused\n' })
    expect(await server.run(['resume', id])).toMatchObject({ code: 0, stdout: 'running\n' })
    const cancel = await server.run(['cancel', id, '--reason', 'wrong version', '--json'])
    expect(cancel.code).toBe(0)
    expect(JSON.parse(cancel.stdout)).toMatchObject({ id, status: 'cancelled' })
    expect(await watch.exit).toBe(130)
    expect(watch.stderr).toContain('It is paused: lunch.')
    expect(watch.stderr).toContain('It goes on.')
    expect(watch.stderr).toContain('It is being cancelled: wrong version.')
    expect(await server.run(['cancel', id])).toMatchObject({ code: 0, stdout: expect.stringMatching(/^cancelled/) as string })
  })

  it('tell what can not be any more', async () => {
    const server = shared()
    const id = await server.finish('hello')
    for (const request of ['cancel', 'pause', 'resume']) {
      const { code, stdout, stderr } = await server.run([request, id])
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^headway: .* is completed already/)
    }
  })

  it('end with 75 when it is not so in time, and at once where nobody wants to wait', async () => {
    const server = shared()
    const id = await server.create('stubborn')
    await server.sees(id, /"message":"here"/)
    const { code, stderr } = await server.run(['cancel', id, '--timeout', '300ms'])
    expect({ code, stderr }).toEqual({ code: 75, stderr: 'headway: asked to cancel, and still running after 300ms\n' })
    expect(await server.run(['cancel', id, '--no-wait'])).toMatchObject({ code: 0, stdout: 'running\n' })
    await server.open()
  })

  it('take no id that is none, or that is unclear', async () => {
    const server = shared()
    expect(await server.run(['cancel', 'the-last-one'])).toMatchObject({ code: 2 })
    expect(await server.run(['cancel', 'abc'])).toMatchObject({ code: 2 })
    expect(await server.run(['cancel', '00000000'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no job whose id begins') as string,
    })
    const unknown = await server.run(['cancel', '11111111-1111-4111-8111-111111111111'])
    expect(unknown).toMatchObject({ code: 1, stderr: expect.stringContaining('There is no job') as string })
    for (const end of ['1', '2']) {
      const id = `abcdef00-0000-4000-8000-00000000000${end}`
      await server.fetch(`/jobs/hello?id=${id}`, { method: 'POST' })
    }
    const unclear = await server.run(['watch', 'abcdef'])
    expect(unclear.code).toBe(2)
    expect(unclear.stderr).toMatch(/several jobs begin with "abcdef":\n {2}abcdef.*\n {2}abcdef/)
  })
})

describe('headway retry', () => {
  it('makes a new job, and can show it', async () => {
    const server = shared()
    const id = await server.finish('hello', { who: 'again' })
    const retry = await server.run(['retry', id, '--watch'])
    expect({ code: retry.code, stdout: retry.stdout }).toEqual({ code: 0, stdout: 'hello again\n' })
    const [, other = ''] = /^headway: job (\S+)\n/.exec(retry.stderr) ?? []
    expect(await server.job(other)).toMatchObject({ retryOf: id, status: 'completed' })
  })

  it('makes one job for one idempotency key', async () => {
    const server = shared()
    const id = await server.finish('hello')
    const first = await server.run(['retry', id, '--idempotency-key', 'today'])
    const second = await server.run(['retry', id, '--idempotency-key', 'today'])
    expect({ code: second.code, stdout: second.stdout }).toEqual({ code: 0, stdout: first.stdout })
    expect((await server.run(['retry', id])).stdout).not.toBe(first.stdout)
  })

  it('makes one job also where the connection breaks off before the answer', async () => {
    const server = shared()
    const id = await server.finish('hello')
    let broken = 0
    const proxy = createServer((request, response) => {
      const headers = { 'x-api-key': String(request.headers['x-api-key']), 'idempotency-key': String(request.headers['idempotency-key']) }
      void fetch(`${server.url}${request.url}`, { method: request.method ?? 'GET', headers }).then(async (answer) => {
        if (request.method !== 'POST' || broken > 0) return response.writeHead(answer.status).end(await answer.text())
        broken += 1
        return request.socket.destroy()
      })
    }).listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    onTestFinished(() => void proxy.close())
    const env = {
      HEADWAY_URL: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      HEADWAY_API_KEY: (await readFile(join(server.folder, 'data/admin-key'), 'utf8')).trim(),
    }
    const { code, stdout } = await server.run(['retry', id], env)
    expect({ code, broken }).toEqual({ code: 0, broken: 1 })
    const { jobs } = (await (await server.fetch('/jobs')).json()) as { jobs: { id: string; retryOf?: string }[] }
    expect(jobs.filter((job) => job.retryOf === id).map((job) => job.id)).toEqual([stdout.trim()])
  })

  it('refuses a job that is not over', async () => {
    const server = shared()
    const id = await server.create('gate')
    const { code, stderr } = await server.run(['retry', id])
    expect(code).toBe(1)
    expect(stderr).toContain('only a finished job can be run again')
  })
})

describe('headway token', () => {
  it('prints a URL that reads one job without a key', async () => {
    const server = shared()
    const id = await server.finish('hello')
    const { stdout, stderr, code } = await server.run(['token', id])
    expect(code).toBe(0)
    const answer = await fetch(stdout.trim(), { headers: { accept: 'application/x-ndjson' } })
    expect(await answer.text()).toBe(await server.log(id))
    const [, curl = ''] = /^ {2}(curl .*)$/m.exec(stderr) ?? []
    expect(curl).toBe(`curl -N -H 'Accept: text/event-stream' '${stdout.trim()}'`)
    const json = JSON.parse((await server.run(['token', id, '--json'])).stdout) as object
    expect(json).toEqual({ eventsUrl: expect.stringContaining('ticket=') as string, expiresAt: expect.stringMatching(/Z$/) as string })
  })
})
