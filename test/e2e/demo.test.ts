import { expect, test } from 'vitest'
import { run, workFolder } from '../../apps/cli/test/support/command.js'

test('the demo keeps what it promises', { timeout: 180_000 }, async () => {
  const { code, stdout, stderr } = await run(await workFolder(), ['demo'])
  expect(code, stderr).toBe(0)
  expect(stdout).toContain('Android v885 is published.')
  expect(stdout).toContain('All files matched successfully.')
  expect(stdout).toContain('Problems found: 1 missing, 1 changed, 1 stray.')
  expect(stdout).toMatch(
    /Rules: 3,003 rules.*\n(?:.*\n)*Hosts: 3,002 rules.*\n(?:.*\n)* {3}5507 lines, among them each name of both lists once\n/,
  )
  expect(stdout).toContain('   10 rows: 7 imported, 2 duplicates, 1 failed\n')
  expect(stdout).toMatch(/^ {3}The Catcher in the Rye +J\. D\. Salinger +9780316769174 +\d+%$/m)
  expect(stdout).toContain('   8 books found\n')
  // What is said about a job goes to stderr where there is no terminal.
  expect(stderr).toMatch(/kill -9 \d+\n(.*\n)*.*the connection is lost/)
  expect(stderr.match(/completed; seen: \d+ events; stored: \d+, the same ones/g)).toHaveLength(5)
})
