import { catalogPathOf } from '../settings/books-options.js'
import { loadSettings } from '../settings/load.js'

/** The file of the catalog, as the settings say. @throws SettingsError */
export async function catalogPath(flags: Readonly<Record<string, unknown>>): Promise<string> {
  return catalogPathOf((await loadSettings(flags)).settings)
}
