import { writeSync } from 'node:fs'

// Prints a line every 20 ms with the time of the machine's monotonic clock in seconds, until it is ended.

const EVERY_MS = 20

setInterval(() => writeSync(1, `at=${Number(process.hrtime.bigint()) / 1e9};\n`), EVERY_MS)
