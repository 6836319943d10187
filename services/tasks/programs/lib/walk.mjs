import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Everything below a folder that is no folder, as sorted relative paths with `/`. Links are listed, not followed.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function walk(root) {
  /** @type {string[]} */
  const found = []
  const folders = ['']
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`
      if (entry.isDirectory()) folders.push(path)
      else found.push(path)
    }
  }
  return found.toSorted()
}
