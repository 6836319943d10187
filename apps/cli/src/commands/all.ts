import type { Command } from 'commander'

interface CommandModule {
  /** What it adds to a program. */
  readonly names: readonly string[]
  load(): Promise<(program: Command) => void>
}

/** Every command but those of completion, which need them all; in the order of the help. */
export const COMMANDS: readonly CommandModule[] = [
  { names: ['serve'], load: async () => (await import('./serve.js')).addServe },
  { names: ['work'], load: async () => (await import('./work.js')).addWork },
  { names: ['run'], load: async () => (await import('./run.js')).addRun },
  { names: ['watch'], load: async () => (await import('./watch.js')).addWatch },
  { names: ['jobs'], load: async () => (await import('./jobs.js')).addJobs },
  { names: ['cancel', 'pause', 'resume'], load: async () => (await import('./control.js')).addControl },
  { names: ['retry'], load: async () => (await import('./retry.js')).addRetry },
  { names: ['token'], load: async () => (await import('./token.js')).addToken },
  { names: ['compile'], load: async () => (await import('./compile.js')).addCompile },
  { names: ['catalog'], load: async () => (await import('./catalog.js')).addCatalog },
  { names: ['import'], load: async () => (await import('./import.js')).addImport },
  { names: ['scan'], load: async () => (await import('./scan.js')).addScan },
  { names: ['migrate'], load: async () => (await import('./migrate.js')).addMigrate },
  { names: ['store'], load: async () => (await import('./store.js')).addStore },
  { names: ['config'], load: async () => (await import('./config.js')).addConfig },
  { names: ['demo'], load: async () => (await import('./demo.js')).addDemo },
]

/** Adds these commands to a program. */
export async function addCommands(program: Command, commands: readonly CommandModule[]): Promise<Command> {
  for (const add of await Promise.all(commands.map(({ load }) => load()))) add(program)
  return program
}
