// Our side: compiles one configuration after the other, as its parent asks.
import { compile } from '@headway/filters/compiler'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

async function load(source, folder) {
  const bytes = await read(source, folder)
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') }
}

async function read(source, folder) {
  if (!source.startsWith('http:')) return readFile(resolve(folder, source))
  const response = await fetch(source)
  if (!response.ok) throw new Error(`The server answered ${response.status}.`)
  return new Uint8Array(await response.arrayBuffer())
}

process.on('message', async ({ configuration, folder }) => {
  try {
    const { rules } = await compile(configuration, { load: (source) => load(source, folder) })
    process.send({ lines: rules })
  } catch (error) {
    process.send({ error: `${error.code ?? error.name}: ${error.message}` })
  }
})
