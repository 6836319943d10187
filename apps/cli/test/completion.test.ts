import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAIN, run } from './support/command.js'
import { serverForTests } from './support/server.js'
import type { TestServer } from './support/server.js'

const shared = serverForTests()

/** What bash offers for a line with the cursor at its end, asked as readline does. */
async function offered(server: TestServer, line: string): Promise<string[]> {
  const bin = join(server.folder, 'bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, 'headway'), `#!/bin/sh\nexec ${process.execPath} ${MAIN} "$@"\n`)
  await chmod(join(bin, 'headway'), 0o755)
  const script = `
source <(headway completion bash)
source <(headway completion bash)
COMP_LINE=$1
COMP_POINT=\${#1}
COMP_WORDS=()
_headway
printf '%s\\n' "\${COMPREPLY[@]}"
`
  const env = { ...server.env, PATH: `${bin}:${process.env['PATH']}` }
  const { stdout, stderr } = await run(server.folder, ['-c', script, 'bash', line], env, { program: ['bash', '--norc'] })
  expect(stderr).toBe('')
  return stdout.split('\n').filter((value) => value !== '')
}

describe('headway completion bash', () => {
  it('offers commands, flags and known values', async () => {
    const server = shared()
    expect(await offered(server, 'headway c')).toEqual(expect.arrayContaining(['cancel', 'config', 'completion']))
    expect(await offered(server, 'headway ca')).toEqual(['cancel', 'catalog'])
    expect(await offered(server, 'headway run --cancel')).toEqual(['--cancel-on-exit'])
    expect(await offered(server, 'headway jobs --status comp')).toEqual(['completed'])
    expect(await offered(server, 'headway completion ')).toEqual(['bash', 'zsh', 'fish'])
    expect(await offered(server, 'headway serve --sh')).toEqual(['--shutdown-grace'])
  })

  it('offers job types, their parameters, and the ids of jobs for which the command makes sense', async () => {
    const server = shared()
    const running = await server.create('gate')
    const done = await server.finish('hello')
    expect(await offered(server, 'headway run ')).toEqual(['hello', 'fails', 'gate', 'colours'])
    expect(await offered(server, 'headway run hello --param w')).toEqual(['who='])
    expect(await offered(server, 'headway watch ')).toEqual([done, running])
    expect(await offered(server, `headway cancel ${running.slice(0, 4)}`)).toEqual([running])
    expect(await offered(server, 'headway cancel ')).toEqual([running])
    expect(await offered(server, 'headway retry --url=http://127.0.0.1:9 ')).toEqual([])
    expect(await offered(server, `headway retry --url ${server.url} `)).toEqual([done])
  })

  it('runs nothing of what is typed', async () => {
    const server = shared()
    expect(await offered(server, 'headway run $(touch done) `touch done` ; touch done; ')).toEqual([])
    const { stdout } = await run(server.folder, ['.'], {}, { program: ['ls'] })
    expect(stdout).not.toContain('done')
  })
})

it('there is a script for each shell, and a word for others', async () => {
  const server = shared()
  expect((await server.run(['completion', 'zsh'])).stdout).toContain('#compdef headway')
  expect((await server.run(['completion', 'fish'])).stdout).toContain('complete -c headway')
  expect(await server.run(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '' })
})
