import { copyStores } from '@headway/core'
import { openSqliteStores } from '@headway/store-sqlite'
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createTestDatabase } from '../../../test/support/postgres.js'
import { Command, run, workFolder } from './support/command.js'

/** A data folder as a server leaves it: one task that has ended. @returns its id */
async function afterOneTask(folder: string): Promise<string> {
  const server = new Command(folder, ['serve', '--port', '0', '--tasks', 'tasks.yaml'])
  const [, url = ''] = await server.says(/listens at (http:\S+)\/\n/)
  await server.says(/Try: /)
  const key = (await readFile(join(folder, 'data/admin-key'), 'utf8')).trim()
  const answer = await fetch(`${url}/api/tasks/hello`, {
    method: 'POST',
    headers: { 'X-API-Key': key, 'Content-Type': 'application/json', Prefer: 'wait=60' },
    body: '{}',
  })
  expect(answer.status).toBe(200)
  const { taskId } = (await answer.json()) as { readonly taskId: string }
  server.process.kill('SIGTERM')
  expect(await server.exit).toBe(0)
  return taskId
}

describe('headway store copy', () => {
  it('copies a data folder to another one, to PostgreSQL and back, and shows no password', async () => {
    const folder = await workFolder()
    const id = await afterOneTask(folder)
    const copied = await run(folder, ['store', 'copy', 'sqlite:', 'sqlite:other'])
    expect(copied).toMatchObject({ code: 0, stderr: '' })
    expect(copied.stdout).toMatch(
      /^Copied sqlite:\.\/data to sqlite:\.\/other in .+; both hold the same:\n {2}1 job, \d+ events \(.+\)\n {2}\d+ key-value entries, 0 blobs \(0 bytes\)\n {2}SHA-256 over everything: [0-9a-f]{64}\n\nTYPE +STATUS +JOBS +REMOVED BEFORE\nhello +completed +1 +0\n$/,
    )
    const again = await run(folder, ['store', 'copy', 'sqlite:data', 'sqlite:other'])
    expect(again).toMatchObject({ code: 1, stdout: '' })
    expect(again.stderr).toMatch(/^headway: The target is not empty: it has 1 job, .+ Give a folder that is not there yet\.\n$/)

    const { url, drop } = await createTestDatabase()
    onTestFinished(drop)
    const there = await run(folder, ['store', 'copy', 'sqlite:other', url])
    expect(there, there.stderr).toMatchObject({ code: 0, stderr: '' })
    const [, checksum = ''] = /everything: (\w+)/.exec(there.stdout) ?? []
    const back = await run(folder, ['store', 'copy', url, 'sqlite:back'])
    expect(back, back.stderr).toMatchObject({ code: 0, stderr: '' })
    expect(back.stdout).toContain(`everything: ${checksum}\n`)
    const stores = await openSqliteStores({ folder: join(folder, 'back') })
    expect(await stores.jobs.get(id)).toMatchObject({ status: 'completed' })
    await stores.close()

    const full = await run(folder, ['store', 'copy', 'sqlite:back', url])
    expect(full.code).toBe(1)
    expect(full.stderr).toMatch(/^headway: The target is not empty: .+ To empty it: drop schema "headway" cascade; /)
    const nothing = await run(folder, ['store', 'copy', url, 'sqlite:more', '--store-schema', 'nothing'])
    expect(nothing).toMatchObject({ code: 1, stdout: '' })
    expect(nothing.stderr).toContain('has no schema')
    const { password } = new URL(url)
    if (password !== '') for (const { stdout, stderr } of [there, back, full, nothing]) expect(stdout + stderr).not.toContain(password)
  })

  it('wants both stores for itself', async () => {
    const folder = await workFolder()
    const server = new Command(folder, ['serve', '--port', '0', '--tasks', 'tasks.yaml'])
    await server.says(/Try: /)
    const taken = await run(folder, ['store', 'copy', 'sqlite:', 'sqlite:other'])
    expect(taken).toMatchObject({ code: 1, stdout: '' })
    expect(taken.stderr).toMatch(
      /^headway: The data folder .+ is in use by another server \(process \d+\)\. Stop that one, or choose another folder\.\n$/,
    )
    expect(existsSync(join(folder, 'other'))).toBe(false)
    server.process.kill('SIGTERM')
    await server.exit
  })

  it('says what is wrong with the stores that are named', async () => {
    const folder = await workFolder()
    await (await openSqliteStores({ folder: join(folder, 'data') })).close()
    for (const [args, message] of [
      [['sqlite:', 'sqlite:data'], "headway: sqlite:./data can't be copied to itself.\n"],
      [['sqlite:nothing', 'sqlite:other'], 'headway: There is no store at sqlite:./nothing.\n'],
      [['data', 'sqlite:other'], 'headway: A store is sqlite:FOLDER or postgres://USER@HOST/DATABASE.\n'],
    ] as const) {
      expect(await run(folder, ['store', 'copy', ...args])).toMatchObject({ code: 2, stdout: '', stderr: message })
    }
    expect(existsSync(join(folder, 'nothing'))).toBe(false)
  })

  it('does not let a server start on half a copy, and begins it anew', async () => {
    const folder = await workFolder()
    const data = await openSqliteStores({ folder: join(folder, 'data') })
    await data.jobs.create(Array.from({ length: 300 }, () => ({ id: randomUUID(), type: 'hello', input: {} })))
    const half = await openSqliteStores({ folder: join(folder, 'half') })
    const stop = new AbortController()
    const copying = copyStores(data, half, { signal: stop.signal, onProgress: ({ done }) => done > 0 && stop.abort() })
    await expect(copying).rejects.toThrow('aborted')
    await Promise.all([data.close(), half.close()])

    const server = await run(folder, ['serve', '--port', '0', '--tasks', 'tasks.yaml', '--data', 'half'])
    expect(server).toMatchObject({ code: 1, stdout: '' })
    expect(server.stderr).toContain('headway: This store holds a copy that is not complete.')
    const whole = await run(folder, ['store', 'copy', 'sqlite:', 'sqlite:half'])
    expect(whole.stdout, whole.stderr).toMatch(
      /^What an interrupted copy had left in the target was removed first\.\nCopied .+\n {2}300 jobs/,
    )
  })
})
