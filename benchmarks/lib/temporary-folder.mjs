import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder that is gone when this process ends, also when it is told to. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'headway-files-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => process.exit(1))
  return folder
}
