import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { Command, DIST, workFolder } from './support/command.js'

it('a server of the demo that does not come back ends the demo with its reason, and leaves no server behind', async () => {
  const demoServer = pathToFileURL(join(DIST, 'demo/demo-server.js')).href
  const folder = await workFolder({
    // Without its task file no server starts.
    'breaks.yaml': `
types:
  breaks:
    params: { type: object, properties: {} }
    steps: [{ name: break, run: [sh, -c, 'rm breaks.yaml; echo "::progress 0.5"; exec sleep 600'] }]
`,
    'demo.mjs': `
import { DemoServer } from ${JSON.stringify(demoServer)}
const server = await DemoServer.create('a-key-of-this-test', { HEADWAY_DATA: 'data', HEADWAY_TASKS: 'breaks.yaml' })
try {
  await server.start()
  await server.run('breaks', {}, 10)
} catch (error) {
  console.log('caught:', error.message)
} finally {
  await server.stop()
  console.log('cleaned up')
}
`,
  })
  const demo = new Command(folder, ['demo.mjs'], {}, { program: [process.execPath] })
  expect(await demo.exit).toBe(0)
  expect(demo.stdout).toMatch(/caught: The server ended with code \d+\.\ncleaned up\n$/)
})
