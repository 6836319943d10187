#!/usr/bin/env node
import { CommanderError } from 'commander'
import { CommandError } from './command-error.js'
import { EXIT } from './exit-codes.js'
import { createProgram } from './program.js'

// Whoever reads the output has enough, as in "| head": no reason to complain. What is said of it would go nowhere.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
}

try {
  await (await createProgram(process.argv[2])).parseAsync()
} catch (error) {
  process.exitCode = await failed(error)
}

async function failed(error: unknown): Promise<number> {
  // Commander has told what is wrong, or has shown its help.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT.usage
  if (error instanceof CommandError) {
    process.stderr.write(`headway: ${error.message}\n`)
    return error.exitCode
  }
  const { explainError } = await import('./explain-error.js')
  process.stderr.write(`headway: ${explainError(error)}\n`)
  return EXIT.failed
}
