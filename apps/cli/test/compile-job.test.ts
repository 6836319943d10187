import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { run } from './support/command.js'
import { serverForTests } from './support/server.js'

const INPUT = {
  configuration: {
    name: 'Mine',
    sources: [{ name: 'Hosts', source: 'hosts' }],
    transformations: ['RemoveComments', 'Compress'],
  },
  preFetchedContent: { hosts: '# hosts\n0.0.0.0 ads.example.com\n0.0.0.0 sub.ads.example.com\n' },
}

const shared = serverForTests({
  'list.json': JSON.stringify(INPUT),
  'local.json': JSON.stringify({ configuration: { name: 'Mine', sources: [{ source: '/etc/hostname' }] } }),
})

it('a compilation of a server is shown in words, and can be retried as any job', async () => {
  const server = shared()
  const { code, stdout, stderr } = await server.run(['run', 'compile-filters', '--params-json', 'list.json', '--watch'])
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^Hosts: loading$/m)
  expect(stdout).toMatch(/^Hosts: 3 rules, \d+ ms$/m)
  expect(stdout).toMatch(/^Compress: \d+ lines in, 1 out, \d+ ms$/m)
  expect(stdout).toMatch(/^The list has \d+ lines, from 1 source\.$/m)
  // Nothing is shown as JSON.
  expect(stdout).not.toMatch(/[{}]/)
  expect(stderr).toMatch(/headway: completed after \S+\n$/)
  const [, id = ''] = /headway: job (\S+)/.exec(stderr) ?? []
  const again = await server.run(['retry', id, '--watch'])
  expect(again.code, again.stderr).toBe(0)
  expect(again.stdout).toContain('Nothing has changed since')
})

it('a compilation that fails says why', async () => {
  const { code, stderr } = await shared().run(['run', 'compile-filters', '--params-json', 'local.json', '--watch'])
  expect(code).toBe(1)
  expect(stderr).toMatch(/headway: failed after \S+: .*\(LOCAL_PATH_REFUSED\)\n$/)
})

it('the example compiles a list by HTTP, and prints it and every step', async () => {
  const server = shared()
  const example = fileURLToPath(new URL('../../../examples/compile-filters-example.js', import.meta.url))
  const { code, stdout, stderr } = await run(server.folder, [example], { API_URL: server.url }, { program: [process.execPath] })
  expect(code, stderr).toBe(0)
  expect(stdout).toMatch(/^!\n! Title: Example\n(?:!.*\n)*\|\|ads\.example\.com\^$/)
  expect(stderr).toMatch(/^source:start .*\n(?:.*\n)*transformation:complete .*\n(?:.*\n)*done \{"success":true,"status":"completed"\}\n$/m)
})
