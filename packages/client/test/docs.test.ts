import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

test('what the guide shows compiles', async () => {
  // Beside the package's own code, so that its name means the package.
  const folder = await mkdtemp(join(root, 'packages/client/dist/guide-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  let count = 0
  for (const page of ['docs/client.md', 'packages/client/README.md']) {
    for (const [, kind, code = ''] of (await readFile(join(root, page), 'utf8')).matchAll(/^```(tsx?)\n(.*?)^```/gms)) {
      count += 1
      await writeFile(join(folder, `example-${count}.${kind}`), code)
    }
  }
  expect(count).toBeGreaterThan(3)
  const config = {
    extends: '../../tsconfig.json',
    compilerOptions: { noEmit: true, composite: false, rootDir: '../..', noUnusedLocals: false },
    include: ['.'],
    exclude: [],
    references: [],
  }
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config))
  const compiled = promisify(execFile)(join(root, 'node_modules/.bin/tsc'), ['-p', folder])
  expect(await compiled.catch((error: { readonly stdout: string }) => error)).toMatchObject({ stdout: '' })
})
