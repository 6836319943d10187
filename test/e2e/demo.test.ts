import { expect, test } from 'vitest'
import { run, workFolder } from '../../apps/cli/test/support/command.js'

test('the demo keeps what it promises', { timeout: 180_000 }, async () => {
  const { code, stdout, stderr } = await run(await workFolder(), ['demo'])
  expect(stderr).toBe('')
  expect(code).toBe(0)
  expect(stdout).toContain('All files matched successfully.')
  expect(stdout).toContain('Problems found: 1 missing, 1 changed, 1 stray.')
  expect(stdout).toMatch(/kill -9 \d+\n(.*\n)*The connection is lost/)
})
