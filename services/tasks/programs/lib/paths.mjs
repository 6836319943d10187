/** The folder of a relative path with `/`; '' for what lies at the top. */
export function parentOf(path) {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')))
}

/** All folders that a relative path with `/` lies in, the outermost first. */
export function parentsOf(path) {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}
