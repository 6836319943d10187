// Says "ready", waits for a file, and then prints as much as it is let: lines of the size that it is told.
import { existsSync } from 'node:fs'
import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'

const [goFile = '', lines = '0', size = '0'] = process.argv.slice(2)
console.log('ready')
while (!existsSync(goFile)) await wait(50)
const rest = 'x'.repeat(Number(size))
for (let line = 0; line < Number(lines); line += 1) {
  if (!process.stdout.write(`${line} ${rest}\n`)) await once(process.stdout, 'drain')
}
