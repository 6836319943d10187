// A program of a task: prints, waits until a file is there, prints on. `gated.mjs FILE [LINES]`
import { existsSync } from 'node:fs'

const POLL_MS = 20
const [gate, lines = '3'] = process.argv.slice(2)

console.log('before the gate')
console.log('::progress 0.4 waiting')
const timer = setInterval(() => {
  if (!existsSync(gate)) return
  clearInterval(timer)
  for (let n = 1; n <= Number(lines); n += 1) console.log(`line ${n} <b>of</b> ${lines}`)
  console.error('after the gate')
}, POLL_MS)
