import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder for what the tests of several files read and none changes. It goes with the run. */
    readonly folderOfRun: string
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'headway-tests-'))
  project.provide('folderOfRun', folder)
  return () => rmSync(folder, { recursive: true, force: true })
}
