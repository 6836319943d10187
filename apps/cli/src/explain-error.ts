import { StoreError } from '@headway/core'
import { TaskFileError } from '@headway/tasks'
import { SettingsError } from './settings/settings-error.js'

/** What went wrong, for whoever typed the command. Only what nobody foresaw is shown with its stack. */
export function explainError(error: unknown): string {
  if (error instanceof SettingsError || error instanceof TaskFileError || error instanceof StoreError) return error.message
  if (!(error instanceof Error)) return String(error)
  const { code, address, port, path } = error as NodeJS.ErrnoException & { readonly address?: string; readonly port?: number }
  switch (code ?? '') {
    case 'EADDRINUSE':
      return `Port ${port} of ${address} is in use; choose another with --port or PORT.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `This machine has no address ${address ?? 'of that name'}; choose another with --host or HEADWAY_HOST.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return port === undefined
        ? `There is no permission for ${path ?? 'that'}.`
        : `There is no permission to listen at port ${port}; choose one above 1023.`
    case 'EEXIST':
    case 'ENOTDIR':
      return `There can be no folder at ${path ?? 'that place'}: something else is there.`
    case 'ENOSPC':
      return 'There is no room left on the disk.'
    default:
      return error.stack ?? error.message
  }
}
