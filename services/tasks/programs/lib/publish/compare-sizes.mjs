/**
 * Compares what is in a folder of a target with a manifest, by names and sizes; contents are not looked at.
 *
 * @param {import('../storage/open-storage.mjs').Storage} target
 * @param {string} prefix the folder
 * @param {import('../manifest.mjs').Manifest} manifest
 * @returns {Promise<{ paths: string[], right: ManifestFile[], wrong: ManifestFile[] }>} `paths`: all that is there, also what the manifest does not
 *   list; `right` and `wrong`: the manifest's files that are there with their size, and the others
 * @typedef {import('../manifest.mjs').Manifest['files'][number]} ManifestFile
 */
export async function compareSizes(target, prefix, manifest) {
  const sizes = new Map((await target.list(prefix)).map(({ path, size }) => [path, size]))
  const isRight = ({ path, size }) => sizes.get(path) === size
  return { paths: [...sizes.keys()], right: manifest.files.filter(isRight), wrong: manifest.files.filter((file) => !isRight(file)) }
}
