import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import type { AtEnd } from '../../../../test/e2e/support/program.js'

/** A page bundled from a program, as a folder that a server can serve. */
export async function builtPage(program: string, atEnd: AtEnd): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'headway-page-'))
  atEnd(() => rm(folder, { recursive: true, force: true }))
  await mkdir(join(folder, 'assets'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>Test</title><script type="module" src="/assets/page.js"></script>')
  await build({
    entryPoints: [program],
    bundle: true,
    format: 'esm',
    jsx: 'automatic',
    outfile: join(folder, 'assets/page.js'),
    logLevel: 'error',
  })
  return folder
}
