import { watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { loadTaskFile } from './load-task-file.js'
import type { TaskFile } from './load-task-file.js'

/** How long a task file must be left alone before it is read again: editors write in several steps. In milliseconds. */
const SETTLE_MS = 100

/**
 * Reads a task file again whenever its content changes.
 *
 * @param onChange called with the new content when it is valid
 * @param onError called when it is not (TaskFileError), or when it can't be watched; what was loaded before stays in force
 * @returns stops watching
 */
export function watchTaskFile(loaded: TaskFile, onChange: (file: TaskFile) => void, onError: (error: unknown) => void): () => void {
  const name = basename(loaded.path)
  let { hash } = loaded
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let reading = false
  let again = false

  async function reload(): Promise<void> {
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      const file = await loadTaskFile(loaded.path)
      if (!closed && file.hash !== hash) {
        hash = file.hash
        onChange(file)
      }
    } catch (error) {
      hash = ''
      if (!closed) onError(error)
    }
    reading = false
    if (again) {
      again = false
      await reload()
    }
  }

  try {
    // The folder, because editors put another file in this one's place.
    const watcher = watch(dirname(loaded.path), { persistent: false }, (_, changed) => {
      if (changed !== null && changed !== name) return
      clearTimeout(timer)
      timer = setTimeout(() => void reload(), SETTLE_MS)
    })
    watcher.on('error', onError)
    return () => {
      closed = true
      clearTimeout(timer)
      watcher.close()
    }
  } catch (error) {
    onError(error)
    return () => undefined
  }
}
