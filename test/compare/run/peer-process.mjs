// The peer's side: compiles one configuration after the other, as its parent asks. Its argument is the folder of its package.
import { createRequire } from 'node:module'

const compile = createRequire(import.meta.url)(process.argv[2])

process.on('message', async ({ configuration, folder }) => {
  process.chdir(folder)
  try {
    process.send({ lines: await compile(configuration) })
  } catch (error) {
    process.send({ error: String(error?.message ?? error) })
  }
})
