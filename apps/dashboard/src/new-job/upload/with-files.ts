import { formatBytes } from '../../shared/format.js'

export interface FileRules {
  readonly accept: readonly string[]
  readonly maxFiles: number
  /** Of each. */
  readonly maxBytes: number
}

/** Files with others added, as far as the rules go; a single one takes the place of the last. What was left out is told. */
export function withFiles(
  files: readonly File[],
  added: readonly File[],
  { accept, maxFiles, maxBytes }: FileRules,
): { readonly files: readonly File[]; readonly complaints: readonly string[] } {
  const complaints: string[] = []
  const good = added.filter((file) => {
    if (!fits(file, accept)) complaints.push(`${file.name} is not of a kind that is taken.`)
    else if (file.size > maxBytes) complaints.push(`${file.name} has ${formatBytes(file.size)}; ${formatBytes(maxBytes)} are taken.`)
    else if (file.size === 0) complaints.push(`${file.name} is empty.`)
    else return true
    return false
  })
  const all = maxFiles === 1 ? good.slice(-1) : [...files, ...good.filter((file) => !files.some((other) => isSame(file, other)))]
  if (maxFiles === 1 && good.length === 0) return { files, complaints }
  if (all.length > maxFiles) complaints.push(`At most ${maxFiles} files are taken; the first ${maxFiles} stay.`)
  return { files: all.slice(0, maxFiles), complaints }
}

function fits({ name, type }: File, accept: readonly string[]): boolean {
  return accept.some((accepted) =>
    accepted.startsWith('.') ? name.toLowerCase().endsWith(accepted) : accepted === type || accepted === type.replace(/\/.*/, '/*'),
  )
}

function isSame(a: File, b: File): boolean {
  return a.name === b.name && a.size === b.size && a.lastModified === b.lastModified
}
