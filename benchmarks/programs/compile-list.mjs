import { compile } from '@headway/filters/compiler'
import { readFile, writeFile } from 'node:fs/promises'
import { createHash } from 'node:crypto'

// Compiles a list as a program that uses the library would: node compile-list.mjs CONFIGURATION OUTPUT

const [, , configuration, output] = process.argv

async function load(path) {
  const bytes = await readFile(path)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

const { rules } = await compile(JSON.parse(await readFile(configuration, 'utf8')), { load })
await writeFile(output, rules.join('\n'))
