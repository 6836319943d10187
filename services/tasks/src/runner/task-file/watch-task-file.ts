import { watch } from 'node:fs'
import type { FSWatcher } from 'node:fs'
import { linkedPlaces } from './linked-places.js'
import { loadTaskFile } from './load-task-file.js'
import type { TaskFile } from './load-task-file.js'

/** How long a task file must be left alone before it is read again: editors write in several steps. In milliseconds. */
const SETTLE_MS = 100

/**
 * Reads a task file again whenever its content changes, also by a link on the way to it; and once at the beginning, since it may have
 * changed after it was loaded.
 *
 * @param onChange called with the new content when it is valid
 * @param onError called when it is not (TaskFileError), or when it can't be watched; what was loaded before stays in force
 * @returns stops watching
 */
export function watchTaskFile(loaded: TaskFile, onChange: (file: TaskFile) => void, onError: (error: unknown) => void): () => void {
  let { hash } = loaded
  let watchers: FSWatcher[] = []
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let reading = false
  let again = false

  function soon(): void {
    clearTimeout(timer)
    timer = setTimeout(() => void look(), SETTLE_MS)
  }

  async function look(): Promise<void> {
    if (reading) {
      again = true
      return
    }
    reading = true
    // Before the reading: what changes after it is seen. Links may lead elsewhere by now.
    const before = watchers
    watchers = watchPlaces(loaded.path, soon, onError)
    for (const watcher of before) watcher.close()
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
    if (again && !closed) {
      again = false
      await look()
    }
  }

  void look()
  return () => {
    closed = true
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}

/** Watches the folders of a file and of the links on the way to it: editors and deployments put others in their place. */
function watchPlaces(path: string, onEvent: () => void, onError: (error: unknown) => void): FSWatcher[] {
  const names = new Map<string, string[]>()
  for (const { folder, name } of linkedPlaces(path)) names.set(folder, [...(names.get(folder) ?? []), name])
  return [...names].flatMap(([folder, known]) => {
    try {
      const watcher = watch(folder, { persistent: false }, (_, changed) => {
        if (changed === null || known.includes(changed)) onEvent()
      })
      return [watcher.on('error', onError)]
    } catch (error) {
      // A link into a folder that is not there: who reads the file says it.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') onError(error)
      return []
    }
  })
}
