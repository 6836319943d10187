import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { run, workFolder } from './support/command.js'
import { listOf, sourceServer } from './support/source-server.js'

it.each([
  ['the plain form', 'http://', '/ok', 0],
  ['a space before it', ' http://', '/ok', 0],
  ['no slashes and a circle of includes', 'http:', '/cycle.txt', 1],
  ['a list that is not there', 'http://', '/none', 1],
  ['another scheme', 'ftp://', '/ok', 2],
])('headway compile does not say a password: %s', async (_what, scheme, path, expected) => {
  const server = await sourceServer({ '/ok': listOf('||a^\n'), '/cycle.txt': listOf('!#include cycle.txt\n') })
  const folder = await workFolder()
  const source = `${scheme}bob:hunter2@${server.url.slice('http://'.length)}${path}`
  await writeFile(join(folder, 'mine.json'), JSON.stringify({ name: 'Mine', sources: [{ source }] }))
  const args = ['compile', '-c', 'mine.json', '--stdout', '--verbose', '--benchmark', '--allow-address', 'loopback']
  const { code, stdout, stderr } = await run(folder, args, { HOME: folder })
  expect(stderr).not.toContain('hunter2')
  expect(code, stderr).toBe(expected)
  for (const line of stdout.split('\n').filter((text) => text.includes('hunter2'))) expect(line).toBe(`! Source: ${source}`)
})
