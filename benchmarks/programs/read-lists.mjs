import { readFileSync } from 'node:fs'

// The least that any compiler of lists has to do: reads them, splits them into lines and puts each line once into a set.

const seen = new Set()
for (const path of process.argv.slice(2)) {
  for (const line of readFileSync(path, 'utf8').split('\n')) seen.add(line)
}
if (seen.size === 0) throw new Error('There is nothing to read.')
