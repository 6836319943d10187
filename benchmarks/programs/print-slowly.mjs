import { writeSync } from 'node:fs'

// Prints a line every 20 ms, until it is ended.

const EVERY_MS = 20

let line = 0
setInterval(() => writeSync(1, `Line ${++line}.\n`), EVERY_MS)
