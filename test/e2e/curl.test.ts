import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { SHIPPED_PROGRAMS } from '@headway/tasks'
import { expect, test } from 'vitest'
import { Command, workFolder } from '../../apps/cli/test/support/command.js'

const run = promisify(execFile)
const KEY = 'a-key-for-this-test'

/** What `curl` prints of a stream. */
async function curl(...args: string[]): Promise<string> {
  const { stdout } = await run('curl', ['--silent', '--no-buffer', '--max-time', '30', '-H', `X-API-Key: ${KEY}`, ...args])
  return stdout
}

interface Message {
  readonly id: string | undefined
  readonly data: { readonly type: string; readonly task?: Record<string, unknown>; readonly log?: Record<string, unknown> }
}

function messagesOf(stream: string): Message[] {
  return stream
    .split('\n\n')
    .filter((block) => block.includes('data: '))
    .map((block) => ({
      id: /^id: (.*)$/m.exec(block)?.[1],
      data: JSON.parse(/^data: (.*)$/m.exec(block)?.[1] ?? '') as Message['data'],
    }))
}

test('curl sees connected, log, update and end of the shipped check, and goes on right after a Last-Event-ID', async () => {
  const folder = await workFolder()
  const resources = join(folder, 'resources')
  await run(process.execPath, [
    join(SHIPPED_PROGRAMS, 'make-tree.mjs'),
    '--root',
    resources,
    '--files',
    '200',
    '--platforms',
    'ios,android',
  ])
  const server = new Command(folder, ['serve'], {
    PORT: '0',
    HEADWAY_ADMIN_KEY: KEY,
    HEADWAY_RESOURCES: resources,
    HEADWAY_DATA: join(folder, 'data'),
    HEADWAY_LOG_LEVEL: 'warn',
  })
  const [, base] = await server.says(/listens at (\S+)/)
  const created = JSON.parse(
    await curl('-H', 'Content-Type: application/json', '-d', '{"version":"v885"}', `${base}api/tasks/check-integrity`),
  ) as { success: boolean; status: string; streamUrl: string; statusUrl: string }
  expect(created).toMatchObject({ success: true, status: 'pending', type: 'check-integrity' })

  const whole = messagesOf(await curl(created.streamUrl))
  expect(whole[0]).toMatchObject({ id: undefined, data: { type: 'connected', task: { type: 'check-integrity' } } })
  const lines = whole.filter(({ data }) => data.type === 'log').map(({ data }) => data.log?.['message'])
  expect(lines).toEqual(
    expect.arrayContaining([
      'Checking iOS manifest...',
      'Checking Android manifest...',
      'All files matched successfully.',
      'Total files checked: 50',
    ]),
  )
  expect(whole.at(-2)?.data).toMatchObject({
    type: 'update',
    task: {
      status: 'completed',
      progress: 100,
      error: null,
      result: { success: true, results: [{ name: 'ios' }, { name: 'android' }, { name: 'web' }] },
    },
  })
  expect(whole.at(-1)?.data).toEqual({ type: 'end' })

  const withIds = whole.filter(({ id }) => id !== undefined)
  for (const [index, { id }] of withIds.entries()) {
    // After the end, the answer is 204: there is nothing more to say.
    const rest = messagesOf(await curl('-H', `Last-Event-ID: ${id}`, created.streamUrl)).filter((message) => message.id !== undefined)
    expect(rest).toEqual(withIds.slice(index + 1))
  }
  expect(await curl('-H', `Last-Event-ID: ${withIds.at(-1)?.id}`, '--write-out', '%{http_code}', created.streamUrl)).toBe('204')
})
