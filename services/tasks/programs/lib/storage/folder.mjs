import { execFile } from 'node:child_process'
import { lstatSync, readdirSync, rmdirSync, rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { Failure } from '../command-line.mjs'
import { hashFiles } from '../hash-files.mjs'
import { isMissing } from '../open-regular.mjs'
import { parentOf, parentsOf } from '../paths.mjs'
import { readRegularFile } from '../read-file.mjs'
import { eachOnThreads } from '../threads.mjs'
import { walk } from '../walk.mjs'
import { EarlyFlush } from './early-flush.mjs'
import { isSafeFolder, makeFolders, removeFolder } from './folder-paths.mjs'
import { isPart, newPartName } from './part-name.mjs'

const runFile = promisify(execFile)

/** A place that is a folder. See `open-storage.mjs` for what its methods promise. */
export class FolderStorage {
  /** @readonly */
  #root

  /** @param {string} root absolute */
  constructor(root) {
    this.#root = root
    this.shown = root
    this.isFolder = true
  }

  show(path) {
    return join(this.#root, path)
  }

  async read(path, maxBytes) {
    try {
      if (!isSafeFolder(this.#root, parentOf(path))) return undefined
      return await readRegularFile(this.#full(path), maxBytes)
    } catch (error) {
      if (isMissing(error)) return undefined
      throw error
    }
  }

  async write(path, bytes, { durable = true } = {}) {
    const full = this.#full(path)
    makeFolders(this.#root, [parentOf(path)])
    const part = join(dirname(full), newPartName())
    try {
      const file = await open(part, 'wx')
      try {
        await file.writeFile(bytes)
        if (durable) await file.sync()
      } finally {
        await file.close()
      }
      await rename(part, full)
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined)
      throw error.code === 'EISDIR' ? new Failure(`${full} is a folder, but a file must be there. Remove it and run this again.`) : error
    }
    if (durable) await syncFolder(dirname(full))
  }

  async remove(path) {
    await rm(this.#full(path), { force: true })
  }

  async list(prefix) {
    if (!isSafeFolder(this.#root, prefix)) return []
    const folder = this.#full(prefix)
    return walk(folder).flatMap((path) => {
      const stats = lstatSync(join(folder, path), { throwIfNoEntry: false })
      return stats === undefined ? [] : [{ path, size: stats.isFile() ? stats.size : -1, modifiedMs: stats.mtimeMs }]
    })
  }

  /** Every content is read. */
  async survey(prefix, files, onFile, { threads, signal } = {}) {
    await this.hash(prefix, files, onFile, { threads, signal })
  }

  async hash(prefix, files, onFile, { rate, threads, signal } = {}) {
    const folder = this.#full(prefix)
    const wishes = files.map(({ path, size }) => ({ path: join(folder, path), size }))
    await hashFiles(wishes, onFile, { rate, threads, signal })
  }

  async put(prefix, files, onFile, { source, keepStray, reserved, flush, threads, signal }) {
    const parents = new Set(files.map(({ path }) => parentOf(`${prefix}/${path}`)))
    makeFolders(this.#root, [prefix, ...parents], keepStray ? {} : { clearBelow: prefix })
    const folder = this.#full(prefix)
    for (const path of [...reserved, ...files.map((file) => file.path)]) removeFolder(join(folder, path), keepStray)
    const wishes = files.map(({ path, size, sha256, reuse }) => ({
      source: join(source, path),
      target: join(folder, path),
      size,
      sha256,
      ...(reuse !== undefined && { reuse: this.#full(reuse) }),
    }))
    const early = flush ? new EarlyFlush(this.#root) : undefined
    await eachOnThreads(new URL('./copy-worker.mjs', import.meta.url), wishes, {
      threads: threads ?? availableParallelism(),
      signal,
      onResult: (index, outcome) => {
        if (outcome.error !== undefined) throw new Failure(`The target ${this.shown} can't be written: ${outcome.error.message}`)
        onFile(index, outcome)
        if (outcome.how === 'copied') early?.add(files[index].size)
      },
    })
  }

  async clear(prefix, { deep }) {
    if (!isSafeFolder(this.#root, prefix)) return
    const folder = this.#full(prefix)
    for (const path of deep ? walk(folder) : readdirSync(folder)) if (isPart(path)) rmSync(join(folder, path), { force: true })
  }

  async removeAll(prefix, paths) {
    const folder = this.#full(prefix)
    for (const path of paths) unlessGone(() => rmSync(join(folder, path)))
    // Folders that are empty now go too, the deepest first.
    const folders = new Set(paths.flatMap((path) => parentsOf(path)))
    for (const path of [...folders].sort((a, b) => b.length - a.length)) {
      unlessGone(() => rmdirSync(join(folder, path)), 'ENOTEMPTY')
    }
  }

  /** Waits until the disk has all of it. @returns whether that could be done */
  async flush() {
    try {
      await runFile('sync', ['-f', this.#root])
      return true
    } catch {
      return false
    }
  }

  #full(path) {
    return join(this.#root, path)
  }
}

/** Removes what may be gone already, or, with another code, may stay. */
function unlessGone(remove, alsoFine) {
  try {
    remove()
  } catch (error) {
    if (error.code !== alsoFine && !isMissing(error)) throw error
  }
}

/** Makes a new name last. */
async function syncFolder(path) {
  const folder = await open(path)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
