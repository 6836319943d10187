import type { Command } from 'commander'

/** `headway demo`: shows all of it in about a minute, on files of its own. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('Show what Headway does: a release followed live, through kill -9 of the server, and a filter list')
    .action(async () => {
      const { runDemo } = await import('../demo/demo.js')
      await runDemo(process.stdout)
    })
}
