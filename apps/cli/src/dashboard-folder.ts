import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** In a checkout of the project, once it was built. */
const FOLDER = fileURLToPath(new URL('../../dashboard/dist', import.meta.url))

/** Where the dashboard's pages are; undefined where they were not built. */
export function dashboardFolder(): string | undefined {
  return existsSync(join(FOLDER, 'index.html')) ? FOLDER : undefined
}
