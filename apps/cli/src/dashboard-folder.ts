import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the dashboard's pages are; undefined where they were not built. */
export function dashboardFolder(): string | undefined {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@headway/dashboard/package.json')), 'dist')
  return existsSync(join(folder, 'index.html')) ? folder : undefined
}
